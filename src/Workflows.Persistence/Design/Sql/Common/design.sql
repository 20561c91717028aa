-- One statement decides: the row's own condition keeps a lock that still holds, also against somebody who asks at the same moment.
-- name: take_edit_lock
insert into edit_lock (definition_id, user_name, taken_at, seen_at)
values (@definition_id, @user_name, @now, @now)
on conflict (definition_id) do update set
    taken_at = case when edit_lock.user_name = excluded.user_name then edit_lock.taken_at else excluded.taken_at end,
    user_name = excluded.user_name,
    seen_at = excluded.seen_at
where edit_lock.user_name = excluded.user_name or edit_lock.seen_at < @lapsed_before

-- name: find_edit_lock
select definition_id, user_name, taken_at, seen_at from edit_lock
where definition_id = @definition_id
/*@lapsed_before*/  and seen_at >= @lapsed_before

-- name: release_edit_lock
delete from edit_lock where definition_id = @definition_id and user_name = @user_name

-- name: add_definition_author
insert into definition_author (version_id, user_name, first_at, last_at)
values (@version_id, @user_name, @now, @now)
on conflict (version_id, user_name) do update set last_at = excluded.last_at

-- name: list_definition_authors
select user_name from definition_author where version_id = @version_id order by first_at, user_name

-- The newest first unless another order is asked for; ids begin with the time they were made.
-- name: search_instances
select id, definition_id, definition_version_id, definition_version, name, correlation_id, parent_instance_id, initiated_by,
       status, sub_status, incident_count, revision, created_at, updated_at, finished_at
from instance
where true
/*@definition_ids*/  and definition_id = any(@definition_ids)
/*@version*/  and definition_version = @version
/*@correlation_id*/  and correlation_id = @correlation_id
/*@status*/  and status = @status
/*@sub_statuses*/  and cast(sub_status as text) = any(@sub_statuses)
/*@with_incidents*/  and incident_count > 0 and @with_incidents
/*@without_incidents*/  and incident_count = 0 and @without_incidents
/*@pattern*/  and (lower(coalesce(name, '')) like @pattern escape '\' or lower(coalesce(correlation_id, '')) like @pattern escape '\' or id like @pattern escape '\')
/*@viewed*/  and (initiated_by = @viewer or definition_id = any(@viewed))
order by
/*@by_updated*/  case when @by_updated then updated_at end,
/*@by_updated_down*/  case when @by_updated_down then updated_at end desc,
/*@by_finished*/  case when @by_finished then finished_at end,
/*@by_finished_down*/  case when @by_finished_down then finished_at end desc,
/*@by_created*/  case when @by_created then id end,
  id desc
limit @limit offset @skip

-- name: count_instances
select count(*) from (
    select 1 from instance
    where true
/*@definition_ids*/  and definition_id = any(@definition_ids)
/*@version*/  and definition_version = @version
/*@correlation_id*/  and correlation_id = @correlation_id
/*@status*/  and status = @status
/*@sub_statuses*/  and cast(sub_status as text) = any(@sub_statuses)
/*@with_incidents*/  and incident_count > 0 and @with_incidents
/*@without_incidents*/  and incident_count = 0 and @without_incidents
/*@pattern*/  and (lower(coalesce(name, '')) like @pattern escape '\' or lower(coalesce(correlation_id, '')) like @pattern escape '\' or id like @pattern escape '\')
/*@viewed*/  and (initiated_by = @viewer or definition_id = any(@viewed))
    limit @cap) x

-- Running ones by sub-status (Pending, Executing, Suspended, Interrupted), and those that ended faulted (5), so that the index of sub-statuses serves it
-- however many have ended well.
-- name: count_definition_load
select definition_id, definition_version,
       sum(case when sub_status <> 5 then 1 else 0 end),
       sum(case when sub_status = 5 or incident_count > 0 then 1 else 0 end)
from instance
where sub_status in (0, 1, 2, 5, 6)
group by definition_id, definition_version
order by definition_id, definition_version
