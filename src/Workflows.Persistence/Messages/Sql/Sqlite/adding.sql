-- Many rows in one statement: @rows is a JSON array of objects with the names of the columns.
-- name: add_notices
insert into notice (id, user_name, subject, body, task_id, instance_id, at)
select value ->> '$.id' as id, value ->> '$.user_name' as user_name, value ->> '$.subject' as subject, value ->> '$.body' as body, value ->> '$.task_id' as task_id, value ->> '$.instance_id' as instance_id, value ->> '$.at' as at
from json_each(@rows)
where true
on conflict (id) do nothing

-- name: add_message_codes
insert into message_code (code, user_name, path, expires_at)
select value ->> '$.code' as code, value ->> '$.user_name' as user_name, value ->> '$.path' as path, value ->> '$.expires_at' as expires_at
from json_each(@rows)
where true
on conflict (user_name, code) do update set path = excluded.path, expires_at = excluded.expires_at

-- name: add_deliveries
insert into delivery (key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at, last_error, fallback_at, parent_key)
select value ->> '$.key' as key, value ->> '$.cause' as cause, value ->> '$.instance_id' as instance_id, value ->> '$.task_id' as task_id, value ->> '$.event' as event, value ->> '$.severity' as severity, value ->> '$.channel' as channel, value ->> '$.gateway' as gateway, value ->> '$.user_name' as user_name, value ->> '$.address' as address, value ->> '$.subject' as subject, value ->> '$.body' as body, value ->> '$.content' as content, value ->> '$.state' as state, value ->> '$.created_at' as created_at, value ->> '$.due_at' as due_at, value ->> '$.last_error' as last_error, value ->> '$.fallback_at' as fallback_at, value ->> '$.parent_key' as parent_key
from json_each(@rows)
where true
on conflict (key) do nothing
returning key

-- Answers the keys whose delivery is the one to go out: there was none before it, or too long ago, or it came to nothing. Each key stands once in the rows.
-- name: claim_dedupes
insert into delivery_dedupe (key, delivery_key, at)
select value ->> '$.key' as key, value ->> '$.delivery_key' as delivery_key, value ->> '$.at' as at
from json_each(@rows)
where true
on conflict (key) do update set delivery_key = excluded.delivery_key, at = excluded.at
where delivery_dedupe.at <= (select r.value ->> '$.since' from json_each(@rows) r where r.value ->> '$.key' = excluded.key)
   or exists (select 1 from delivery d where d.key = delivery_dedupe.delivery_key and d.state in (5, 6, 9))
returning key

-- name: merge_deliveries
update delivery
set state = 7, fallback_at = null, merged_into = s.delivery_key
from (select value ->> '$.key' as key, value ->> '$.dedupe_key' as dedupe_key from json_each(@rows)) r
join delivery_dedupe s on s.key = r.dedupe_key
where delivery.key = r.key
