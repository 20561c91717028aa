-- The inbox as pages and the task API show it; the API asks without filters. A filter reads the person's own rows only.
-- Every list asks for one row more than the page, to know whether there is a next one.
-- name: inbox_todo
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.due_order
from user_task t
join instance i on i.id = t.instance_id
where t.assignee = @user_name and t.state in (0, 1)
/*@barred*/  and not t.definition_id = any(@barred)
/*@definition_id*/  and t.definition_id = @definition_id
/*@initiators*/  and t.initiated_by = any(@initiators)
/*@text*/  and (lower(i.name) like @text escape '\' or lower(t.document) like @text escape '\')
/*@id_end*/  and t.instance_id like @id_end escape '\'
/*@due_before*/  and t.due_order < @due_before
/*@due_from*/  and t.due_order >= @due_from
/*@created_from*/  and t.created_at >= @created_from
/*@created_before*/  and t.created_at < @created_before
/*@after_id*/  and (t.due_order, t.id) > (@after_number, @after_id)
order by t.due_order, t.id
limit @limit

-- name: inbox_done
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.closed_at
from user_task t
join instance i on i.id = t.instance_id
where t.decided_by = @user_name and t.state = 2
/*@definition_id*/  and t.definition_id = @definition_id
/*@initiators*/  and t.initiated_by = any(@initiators)
/*@text*/  and (lower(i.name) like @text escape '\' or lower(t.document) like @text escape '\')
/*@id_end*/  and t.instance_id like @id_end escape '\'
/*@due_before*/  and t.due_order < @due_before
/*@due_from*/  and t.due_order >= @due_from
/*@created_from*/  and t.created_at >= @created_from
/*@created_before*/  and t.created_at < @created_before
/*@after_id*/  and (t.closed_at, t.id) < (@after_number, @after_id)
order by t.closed_at desc, t.id desc
limit @limit

-- name: inbox_applications
select id, definition_id, definition_version_id, definition_version, name, correlation_id, parent_instance_id, initiated_by,
       status, sub_status, incident_count, revision, created_at, updated_at, finished_at
from instance
where initiated_by = @user_name and parent_instance_id is null
/*@definition_id*/  and definition_id = @definition_id
/*@text*/  and lower(name) like @text escape '\'
/*@id_end*/  and id like @id_end escape '\'
/*@created_from*/  and created_at >= @created_from
/*@created_before*/  and created_at < @created_before
/*@status*/  and status = @status
/*@after_id*/  and id < @after_id
order by id desc
limit @limit

-- name: inbox_open_tasks
select document, instance_id
from user_task
where instance_id = any(@ids) and state in (0, 1)
order by created_at, id

-- Each count stops at the cap: a badge says "999+", and nobody waits for a million.
-- name: inbox_counts
select (select count(*) from (select 1 from user_task where assignee = @user_name and state in (0, 1) limit @cap) x),
       (select count(*) from (select 1 from instance where initiated_by = @user_name and parent_instance_id is null and status = 0 limit @cap) x),
       (select count(*) from (select 1 from user_task where assignee = @user_name and state in (0, 1) and due_order < @now limit @cap) x),
       (select count(*) from (select 1 from user_task where assignee = @user_name and state in (0, 1) and due_order >= @now and due_order < @soon limit @cap) x)
