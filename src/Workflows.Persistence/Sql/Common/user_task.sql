-- Every list asks for one row more than the page, to know whether there is a next one.
-- name: find_user_tasks
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.due_order
from user_task t
join instance i on i.id = t.instance_id
where t.id = any(@ids)

-- name: list_user_tasks_of_instance
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.created_at
from user_task t
join instance i on i.id = t.instance_id
where t.instance_id = @instance_id
order by t.created_at, t.id

-- name: list_initiated
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.created_at
from user_task t
join instance i on i.id = t.instance_id
where t.initiated_by = @user_name
/*@after_id*/  and (t.created_at, t.id) < (@after_number, @after_id)
order by t.created_at desc, t.id desc
limit @limit
