-- LATERAL reads one page of index entries for each identity and merges; "identity = any(...)" with an order would sort
-- everything that matches (thirty times slower with a million open tasks).
-- name: list_claimable
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.due_order
from (
    select distinct page.due_order, page.task_id
    from unnest(@identities) as of_person (identity)
    cross join lateral (
        select c.due_order, c.task_id
        from user_task_candidate c
        where c.identity = of_person.identity
          and (c.excluded is null or not c.excluded::jsonb ? @user_name)
/*@after_id*/          and (c.due_order, c.task_id) > (@after_number, @after_id)
/*@barred*/          and not exists (select 1 from user_task b where b.id = c.task_id and b.definition_id = any(@barred))
        order by c.due_order, c.task_id
        limit @limit
    ) page
    order by page.due_order, page.task_id
    limit @limit
) found
join user_task t on t.id = found.task_id
join instance i on i.id = t.instance_id
order by found.due_order, found.task_id
