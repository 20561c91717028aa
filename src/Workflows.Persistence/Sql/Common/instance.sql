-- name: load_instance
select id, definition_version_id, revision, state from instance where id = @id

-- name: find_instance
select id, definition_id, definition_version_id, definition_version, name, correlation_id, parent_instance_id, initiated_by,
       status, sub_status, incident_count, revision, created_at, updated_at, finished_at
from instance where id = @id

-- Ids begin with the time they were made, so the newest are the greatest.
-- name: list_instances
select id, definition_id, definition_version_id, definition_version, name, correlation_id, parent_instance_id, initiated_by,
       status, sub_status, incident_count, revision, created_at, updated_at, finished_at
from instance
where true
/*@before*/  and id < @before
/*@definition_id*/  and definition_id = @definition_id
/*@correlation_id*/  and correlation_id = @correlation_id
/*@initiated_by*/  and initiated_by = @initiated_by
/*@only_viewer*/  and initiated_by = @only_viewer
/*@viewer*/  and (initiated_by = @viewer or definition_id = any(@viewed))
/*@parent_instance_id*/  and parent_instance_id = @parent_instance_id
/*@status*/  and status = @status
/*@sub_status*/  and sub_status = @sub_status
/*@with_incidents*/  and incident_count > 0 and @with_incidents
/*@without_incidents*/  and incident_count = 0 and @without_incidents
order by id desc
limit @limit

-- name: read_journal
select first_sequence, entries from journal where instance_id = @id and last_sequence > @after order by first_sequence limit @limit

-- name: find_stimulus
select key, fingerprint, instance_id, answer, at from stimulus where key = @key

-- name: any_stimulus
select 1 from stimulus where key >= @first and key < @after limit 1

-- Both stamps are the database's own clock, so that no host's clock can hide an interrupted instance.
-- The oldest first, then the question whether they are old enough: asked the other way round, a planner that knows only
-- instances at rest expects a third of all and reads the whole table.
-- name: find_interrupted
select id
from (select id, executing_since from instance where executing_since is not null order by executing_since limit @limit) as oldest
where executing_since <= (select database_now()) - @idle
order by executing_since

-- name: any_running
select 1 from instance
where status = 0
/*@definition_id*/  and definition_id = @definition_id
/*@correlation_id*/  and correlation_id = @correlation_id
limit 1

-- name: find_running_children
select id from instance where parent_instance_id = @parent and status = 0 order by id
