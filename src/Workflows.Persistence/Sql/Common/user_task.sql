-- name: find_user_tasks
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by
from user_task t
join instance i on i.id = t.instance_id
where t.id = any(@keys)

-- name: list_user_tasks_of_instance
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by
from user_task t
join instance i on i.id = t.instance_id
where t.instance_id = @instance_id
order by t.created_at, t.id
