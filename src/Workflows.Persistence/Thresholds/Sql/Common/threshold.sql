-- name: threshold_list_changes
select id, version, raise_e4, clear_e4, hold_minutes, clear_minutes, min_count, is_on, changed_at, changed_by from metric_threshold order by id, version

-- name: threshold_add_change
insert into metric_threshold (id, version, raise_e4, clear_e4, hold_minutes, clear_minutes, min_count, is_on, changed_at, changed_by)
values (@id, @version, @raise, @clear, @hold, @clear_minutes, @min_count, @is_on, @at, @by)
on conflict (id, version) do nothing

-- name: threshold_list_states
select threshold_id, scope, is_raised, turning_since, value_e4, count, since, observed_at, episode, raised_at, cleared_at, event_id, is_owed, is_linked, case_id
from metric_state order by threshold_id, scope

-- name: threshold_lock_state
select threshold_id, scope, is_raised, turning_since, value_e4, count, since, observed_at, episode, raised_at, cleared_at, event_id, is_owed, is_linked, case_id
from metric_state where threshold_id = @id and scope = @scope for update

-- name: threshold_add_state
insert into metric_state (threshold_id, scope, is_raised, count, episode, is_owed, is_linked) values (@id, @scope, 0, 0, 0, 0, 0)
on conflict (threshold_id, scope) do nothing

-- name: threshold_set_state
update metric_state set is_raised = @is_raised, turning_since = @turning_since, value_e4 = @value, count = @count, since = @since, observed_at = @observed_at,
    episode = @episode, raised_at = @raised_at, cleared_at = @cleared_at, event_id = @event, is_owed = @is_owed, is_linked = @is_linked, case_id = @case
where threshold_id = @id and scope = @scope

-- name: threshold_settle
update metric_state set is_owed = 0, case_id = @case where threshold_id = @id and scope = @scope and event_id = @event

-- name: threshold_add_matter
insert into metric_matter (id) values (@id) on conflict (id) do nothing

-- name: threshold_lock_matter
select event_id, case_id, at from metric_matter where id = @id for update

-- name: threshold_take_matter
update metric_matter set event_id = @event, case_id = null, at = @at where id = @id

-- name: threshold_note_case
update metric_matter set case_id = @case where id = @id and event_id = @event

-- Status 0 is running. The case is the first that was begun for the matter, by an event or by a person.
-- name: threshold_running_case
select id from instance where correlation_id = @scope and definition_id = any(@definitions) and status = 0 order by id limit 1

-- The newest value of each scope, if it is fresh enough.
-- name: threshold_recorded
select v.scope, v.value_e4, v.count, v.at from metric_value v
where v.metric = @metric and v.at > @from and v.at <= @to
    and v.at = (select max(n.at) from metric_value n where n.metric = v.metric and n.scope = v.scope and n.at <= @to)
order by v.scope

-- With the promotion's participants, or its last backup where they are deleted.
-- name: threshold_complaints
select c.promotion_id, count(*), min(c.received_at),
    (select count(*) from promotion_participant p where p.promotion_id = c.promotion_id),
    (select b.manifest from backup_set b where b.promotion_id = c.promotion_id order by b.created_at desc, b.id desc limit 1)
from complaint c
where c.promotion_id is not null and c.received_at > @from and c.received_at <= @to
group by c.promotion_id order by c.promotion_id

-- What a complaint is about: the promotion it names, or the one its order was part of.
-- name: store_promotion_of_complaint
select id from promotion where id = @promotion
union all
select promotion_id from promotion_transaction where transaction_id = @order_no
limit 1

-- name: store_link_promotion
update complaint set promotion_id = @promotion where id = @id
