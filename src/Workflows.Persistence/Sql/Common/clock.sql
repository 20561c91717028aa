-- name: list_clocks
select document, instance_id, definition_id
from clock
where true
/*@instance_id*/  and instance_id = @instance_id
/*@task_id*/  and task_id = @task_id
/*@open*/  and stopped_at is null and @open
/*@calendar_id*/  and calendar_id = @calendar_id
/*@below_version*/  and calendar_version < @below_version
/*@state*/  and state = @state
/*@after*/  and id > @after
order by id
limit @limit

-- name: find_clock
select document, instance_id, definition_id from clock where id = @id

-- name: list_time_rules
select kind, id, version, document, created_at, created_by, note from time_rule order by kind, id, version

-- name: add_time_rule
insert into time_rule (kind, id, version, document, created_at, created_by, note)
values (@kind, @id, @version, @document, @created_at, @created_by, @note)
on conflict (kind, id, version) do nothing
