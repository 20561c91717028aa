-- SQLite has no LATERAL: the store asks once for each identity and merges. Reads one page of the primary key.
-- name: inbox_claimable_of_identity
select c.due_order, c.task_id
from user_task_candidate c
/*@filtered*/join user_task t on t.id = c.task_id and @filtered
/*@filtered*/join instance i on i.id = t.instance_id
where c.identity = @identity
  and (c.excluded is null or instr(c.excluded, @quoted_name) = 0)
/*@barred*/  and not c.definition_id = any(@barred)
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
/*@after_due*/  and (c.due_order, c.task_id) > (@after_due, @after_id)
order by c.due_order, c.task_id
limit @limit

-- name: inbox_claimable_count
select count(*)
from (
    select distinct c.task_id
    from user_task_candidate c
    where c.identity in (select value from json_each(@identities))
      and (c.excluded is null or instr(c.excluded, @quoted_name) = 0)
/*@barred*/      and not c.definition_id = any(@barred)
    limit @cap
) x
