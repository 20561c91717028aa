-- SQLite has no LATERAL: the store asks once for each identity and merges. Reads one page of the primary key.
-- name: list_claimable_of_identity
select c.due_order, c.task_id
from user_task_candidate c
where c.identity = @identity
  and (c.excluded is null or not exists (select 1 from json_each(c.excluded) where value = @user_name))
/*@after_id*/  and (c.due_order, c.task_id) > (@after_number, @after_id)
/*@barred*/  and not exists (select 1 from user_task b where b.id = c.task_id and b.definition_id = any(@barred))
order by c.due_order, c.task_id
limit @limit

-- name: list_user_tasks
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.due_order
from user_task t
join instance i on i.id = t.instance_id
where t.id = any(@ids)
order by t.due_order, t.id
