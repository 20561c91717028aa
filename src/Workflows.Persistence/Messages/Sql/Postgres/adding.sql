-- Many rows in one statement: @rows is a JSON array of objects with the names of the columns.
-- name: add_notices
insert into notice (id, user_name, subject, body, task_id, instance_id, at)
select id, user_name, subject, body, task_id, instance_id, at from json_to_recordset(@rows::json) as r (id text, user_name text, subject text, body text, task_id text, instance_id text, at bigint)
on conflict (id) do nothing

-- name: add_message_codes
insert into message_code (code, user_name, path, expires_at)
select code, user_name, path, expires_at from json_to_recordset(@rows::json) as r (code text, user_name text, path text, expires_at bigint)
on conflict (user_name, code) do update set path = excluded.path, expires_at = excluded.expires_at

-- name: add_deliveries
insert into delivery (key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at, last_error, fallback_at, parent_key)
select key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at, last_error, fallback_at, parent_key
from json_to_recordset(@rows::json) as r (key text, cause text, instance_id text, task_id text, event text, severity int, channel text, gateway text, user_name text, address text, subject text, body text, content text, state int, created_at bigint, due_at bigint, last_error text, fallback_at bigint, parent_key text)
on conflict (key) do nothing
returning key

-- Answers the keys whose delivery is the one to go out: there was none before it, or too long ago, or it came to nothing. Each key stands once in the rows.
-- name: claim_dedupes
insert into delivery_dedupe (key, delivery_key, at)
select key, delivery_key, at from json_to_recordset(@rows::json) as r (key text, delivery_key text, at bigint, since bigint) order by key
on conflict (key) do update set delivery_key = excluded.delivery_key, at = excluded.at
where delivery_dedupe.at <= (select r.since from json_to_recordset(@rows::json) as r (key text, delivery_key text, at bigint, since bigint) where r.key = excluded.key)
   or exists (select 1 from delivery d where d.key = delivery_dedupe.delivery_key and d.state in (5, 6, 9))
returning key

-- name: merge_deliveries
update delivery d
set state = 7, fallback_at = null, merged_into = s.delivery_key
from json_to_recordset(@rows::json) as r (key text, dedupe_key text)
join delivery_dedupe s on s.key = r.dedupe_key
where d.key = r.key
