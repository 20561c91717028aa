-- The inbox as pages, task API and search ask for it. A filter reads only the rows the view lets the person see.
-- Every list asks for one row more than the page, to know whether there is a next one. "counting" answers how many rows there are instead.
-- name: inbox_tasks
/*@counting*/select count(*) from (
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id
/*@by_due*/     , t.due_order
/*@by_oldest*/     , t.created_at
/*@by_newest*/     , t.created_at
/*@by_closed*/     , t.closed_at
from user_task t
join instance i on i.id = t.instance_id
where true
/*@todo*/  and t.assignee = @user_name and t.state in (0, 1)
/*@done*/  and t.decided_by = @user_name and t.state = 2
/*@initiated*/  and t.initiated_by = @user_name
/*@viewed*/  and t.definition_id = any(@viewed)
/*@barred*/  and not t.definition_id = any(@barred)
/*@definitions*/  and t.definition_id = any(@definitions)
/*@initiators*/  and t.initiated_by = any(@initiators)
/*@text*/  and (lower(i.name collate "C") like @text escape '\' or lower(t.document collate "C") like @shown escape '\')
/*@id_end*/  and t.instance_id like @id_end escape '\'
/*@instance_id*/  and t.instance_id = @instance_id
/*@correlation_id*/  and i.correlation_id = @correlation_id
/*@states*/  and cast(t.state as text) = any(@states)
/*@assignees*/  and t.assignee = any(@assignees)
/*@candidates*/  and t.id in (select w.task_id from user_task_candidate w where w.identity = any(@candidates))
/*@absent*/  and t.document::jsonb ->> 'onBehalfOf' = any(@absent)
/*@due_before*/  and t.due_order < @due_before
/*@due_from*/  and t.due_order >= @due_from
/*@created_from*/  and t.created_at >= @created_from
/*@created_before*/  and t.created_at < @created_before
/*@closed_from*/  and t.closed_at >= @closed_from
/*@closed_before*/  and t.closed_at < @closed_before
/*@by_closed*/  and t.closed_at is not null
/*@after_due*/  and (t.due_order, t.id) > (@after_due, @after_id)
/*@after_oldest*/  and (t.created_at, t.id) > (@after_oldest, @after_id)
/*@after_newest*/  and (t.created_at, t.id) < (@after_newest, @after_id)
/*@after_closed*/  and (t.closed_at, t.id) < (@after_closed, @after_id)
/*@by_due*/order by t.due_order, t.id
/*@by_oldest*/order by t.created_at, t.id
/*@by_newest*/order by t.created_at desc, t.id desc
/*@by_closed*/order by t.closed_at desc, t.id desc
limit @limit
/*@counting*/) counted

-- name: inbox_applications
select id, definition_id, definition_version_id, definition_version, name, correlation_id, parent_instance_id, initiated_by,
       status, sub_status, incident_count, revision, created_at, updated_at, finished_at
from instance
where initiated_by = @user_name and parent_instance_id is null
/*@definitions*/  and definition_id = any(@definitions)
/*@text*/  and lower(name collate "C") like @text escape '\'
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

-- Each count stops at the cap: a badge says "999+", and nobody waits for a million. Of the person's own the earliest due are counted, so those
-- overdue are among them; how many are due soon is asked apart, because the overdue may fill the cap.
-- name: inbox_counts
select own.todo, (select count(*) from (select 1 from instance where initiated_by = @user_name and parent_instance_id is null and status = 0 limit @cap) x),
       own.overdue,
       (
           select count(*) from (
               select 1 from user_task where assignee = @user_name and state in (0, 1) and due_order >= @now and due_order < @soon
/*@barred*/               and not definition_id = any(@barred)
               order by due_order, id
               limit @cap
           ) x
       )
from (
    select count(*) as todo, count(case when due_order < @now then 1 end) as overdue
    from (
        select due_order from user_task where assignee = @user_name and state in (0, 1)
/*@barred*/        and not definition_id = any(@barred)
        order by due_order, id
        limit @cap
    ) x
) own

-- name: list_user_tasks
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.due_order
from user_task t
join instance i on i.id = t.instance_id
where t.id = any(@ids)
order by t.due_order, t.id
