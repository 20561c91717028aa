-- LATERAL reads one page of index entries for each identity and merges (see list_claimable).
-- name: inbox_claimable
select t.document, t.instance_id, t.definition_id, i.name, t.initiated_by, t.id, t.due_order
from (
    select distinct page.due_order, page.task_id
    from unnest(@identities) as of_person (identity)
    cross join lateral (
        select c.due_order, c.task_id
        from user_task_candidate c
/*@filtered*/  join user_task t on t.id = c.task_id and @filtered
/*@filtered*/  join instance i on i.id = t.instance_id
        where c.identity = of_person.identity
          and (c.excluded is null or not c.excluded::jsonb ? @user_name)
/*@definition_id*/  and t.definition_id = @definition_id
/*@initiators*/  and t.initiated_by = any(@initiators)
/*@text*/  and (lower(i.name) like @text escape '\' or lower(t.document) like @text escape '\')
/*@id_end*/  and t.instance_id like @id_end escape '\'
/*@due_before*/  and t.due_order < @due_before
/*@due_from*/  and t.due_order >= @due_from
/*@created_from*/  and t.created_at >= @created_from
/*@created_before*/  and t.created_at < @created_before
/*@after_id*/          and (c.due_order, c.task_id) > (@after_number, @after_id)
        order by c.due_order, c.task_id
        limit @limit
    ) page
    order by page.due_order, page.task_id
    limit @limit
) found
join user_task t on t.id = found.task_id
join instance i on i.id = t.instance_id
order by found.due_order, found.task_id

-- name: inbox_claimable_count
select count(*)
from (
    select distinct page.task_id
    from unnest(@identities) as of_person (identity)
    cross join lateral (
        select c.task_id
        from user_task_candidate c
        where c.identity = of_person.identity and (c.excluded is null or not c.excluded::jsonb ? @user_name)
        order by c.due_order, c.task_id
        limit @cap
    ) page
    limit @cap
) x
