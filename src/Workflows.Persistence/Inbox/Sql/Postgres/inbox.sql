-- LATERAL reads one page of index entries for each identity and merges; "identity = any(...)" with an order would sort
-- everything that matches (thirty times slower with a million open tasks). Who is excluded is looked for as it stands in the JSON text: a user name
-- has no quotes in it, and reading thousands of arrays as JSON would cost more than all the rest.
-- name: inbox_claimable
/*@counting*/select count(*) from (
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
          and (c.excluded is null or strpos(c.excluded, @quoted_name) = 0)
/*@barred*/          and not c.definition_id = any(@barred)
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
/*@after_due*/          and (c.due_order, c.task_id) > (@after_due, @after_id)
        order by c.due_order, c.task_id
        limit @limit
    ) page
    order by page.due_order, page.task_id
    limit @limit
) found
join user_task t on t.id = found.task_id
join instance i on i.id = t.instance_id
order by found.due_order, found.task_id
/*@counting*/) counted

-- One queue that is full to the cap says it all; only where none is are those of several queues counted once each.
-- name: inbox_claimable_count
select case
    when exists (
        select 1
        from unnest(@identities) as of_person (identity)
        where (
            select count(*)
            from (
                select 1
                from user_task_candidate c
                where c.identity = of_person.identity and (c.excluded is null or strpos(c.excluded, @quoted_name) = 0)
/*@barred*/                  and not c.definition_id = any(@barred)
                order by c.due_order, c.task_id
                limit @cap
            ) of_one
        ) >= @cap
    ) then @cap
    else (
        select count(*)::int
        from (
            select distinct of_one.task_id
            from unnest(@identities) as of_person (identity)
            cross join lateral (
                select c.task_id
                from user_task_candidate c
                where c.identity = of_person.identity and (c.excluded is null or strpos(c.excluded, @quoted_name) = 0)
/*@barred*/                  and not c.definition_id = any(@barred)
                order by c.due_order, c.task_id
                limit @cap
            ) of_one
            limit @cap
        ) x
    )
end
