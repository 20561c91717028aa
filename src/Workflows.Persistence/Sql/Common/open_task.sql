-- name: list_open_of_identities
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by
from user_task t
join instance i on i.id = t.instance_id
where t.id in (
    select id from user_task where assignee = any(@identities) and state in (0, 1)
    union
    select task_id from user_task_candidate where identity = any(@identities)
)
order by t.created_at, t.id
limit @limit

-- name: list_open_identities
select distinct assignee from user_task where state in (0, 1) and assignee is not null
union
select distinct identity from user_task_candidate
