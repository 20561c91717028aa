-- The statements of a group commit. They travel together in one round trip; expect_rows ends the transaction when a member
-- lost (WF001) or when the committer itself was overtaken (WF002). Positional parameters spare the driver the parsing.

-- First, so that a transaction of the same committer that is still under way elsewhere blocks or fails this one.
-- name: commit_sequence
with moved as (update committer set sequence = $2, at = database_now() where id = $1 and sequence < $2 returning 1)
select expect_rows(count(*), 1, 'WF002') from moved

-- name: commit_stimulus
with saved as (
    insert into stimulus (key, fingerprint, instance_id, answer, at)
    select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
    on conflict (key) do nothing
    returning 1
)
select expect_rows(count(*), $1, 'WF001') from saved

-- name: commit_instance_update
with saved as (
    update instance i
    set revision = u.read_revision + 1, definition_id = u.definition_id, definition_version_id = u.definition_version_id,
        definition_version = u.definition_version, name = u.name, correlation_id = u.correlation_id,
        parent_instance_id = u.parent_instance_id, initiated_by = u.initiated_by, status = u.status, sub_status = u.sub_status,
        executing_since = case when u.is_executing then database_now() end, incident_count = u.incident_count,
        activation_key = u.activation_key, state = u.state, updated_at = u.updated_at, finished_at = u.finished_at
    from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::smallint[], $12::smallint[], $13::boolean[], $14::int[], $15::text[], $16::bytea[], $17::bigint[], $18::bigint[], $19::bigint[])
        as u (id, read_revision, definition_id, definition_version_id, definition_version, name, correlation_id,
              parent_instance_id, initiated_by, status, sub_status, is_executing, incident_count, activation_key, state, created_at, updated_at, finished_at)
    where i.id = u.id and i.revision = u.read_revision
    returning 1
)
select expect_rows(count(*), $1, 'WF001') from saved

-- name: commit_instance_insert
with saved as (
    insert into instance (id, revision, definition_id, definition_version_id, definition_version, name, correlation_id,
                          parent_instance_id, initiated_by, status, sub_status, executing_since, incident_count, activation_key,
                          state, created_at, updated_at, finished_at)
    select u.id, u.read_revision + 1, u.definition_id, u.definition_version_id, u.definition_version, u.name, u.correlation_id,
           u.parent_instance_id, u.initiated_by, u.status, u.sub_status, case when u.is_executing then database_now() end,
           u.incident_count, u.activation_key, u.state, u.created_at, u.updated_at, u.finished_at
    from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::smallint[], $12::smallint[], $13::boolean[], $14::int[], $15::text[], $16::bytea[], $17::bigint[], $18::bigint[], $19::bigint[])
        as u (id, read_revision, definition_id, definition_version_id, definition_version, name, correlation_id,
              parent_instance_id, initiated_by, status, sub_status, is_executing, incident_count, activation_key, state, created_at, updated_at, finished_at)
    on conflict do nothing
    returning 1
)
select expect_rows(count(*), $1, 'WF001') from saved

-- name: commit_bookmark_delete
delete from bookmark where id = any($1)

-- name: commit_bookmark_insert
insert into bookmark (id, instance_id, name, hash, payload, created_at)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])

-- name: commit_timer_delete
delete from timer where id = any($1)

-- name: commit_timer_insert
insert into timer (id, instance_id, due_at, execution, bookmark_id, tag)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::text[])

-- name: commit_user_task
insert into user_task (id, instance_id, definition_id, initiated_by, state, assignee, due_order, decided_by, created_at, closed_at, document)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[], $11::text[])
on conflict (id) do update set
    state = excluded.state, assignee = excluded.assignee, due_order = excluded.due_order, decided_by = excluded.decided_by,
    closed_at = excluded.closed_at, document = excluded.document

-- name: commit_candidate_delete
delete from user_task_candidate where task_id = any($1)

-- name: commit_draft_delete
delete from task_draft where task_id = any($1)

-- name: commit_candidate_insert
insert into user_task_candidate (identity, due_order, task_id, excluded, definition_id)
select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])

-- name: commit_clock
insert into clock (id, instance_id, definition_id, task_id, name, kind, state, calendar_id, calendar_version, started_at, due_at, breached_at, stopped_at, document)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::text[], $9::int[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[])
on conflict (id) do update set
    state = excluded.state, calendar_version = excluded.calendar_version, started_at = excluded.started_at, due_at = excluded.due_at,
    breached_at = excluded.breached_at, stopped_at = excluded.stopped_at, document = excluded.document

-- name: commit_effect
insert into effect (key, instance_id, execution, kind, class, state, payload, bookmark_id, due_at, created_at, max_attempts,
                    attempts, claimed_by, claim_token, lease_until)
select u.key, u.instance_id, u.execution, u.kind, u.class, u.state, u.payload, u.bookmark_id, u.due_at, u.created_at, u.max_attempts,
       case when u.state = 0 then 0 else 1 end, u.owner, u.token, coalesce(u.lease_from, database_now()) + u.lease
from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::int[],
            $11::smallint[], $12::text[], $13::text[], $14::bigint[], $15::bigint[])
    as u (key, instance_id, execution, kind, class, payload, bookmark_id, due_at, created_at, max_attempts, state, owner, token, lease_from, lease)

-- name: commit_notice
insert into notice (id, user_name, subject, body, task_id, instance_id, at)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
on conflict (id) do nothing

-- The ends of effects nobody waits for, each fenced by its claim. "+ 0" keeps the index of leases out: it is short when the plan is made, and later
-- full of entries that are over.
-- name: commit_effect_end
update effect e
set state = u.state, last_error = coalesce(u.error, e.last_error), claimed_by = null, claim_token = null, lease_until = null
from unnest($1::text[], $2::text[], $3::smallint[], $4::text[]) as u (key, token, state, error)
where e.key = u.key and e.claim_token = u.token and e.state + 0 in (1, 2)

-- Final states stay. Withdrawing (6) reaches only what surely was not sent: not an attempt under way, nor one whose answer was lost.
-- name: commit_effect_settle
update effect e
set state = u.state, last_error = coalesce(u.error, e.last_error), claimed_by = null, claim_token = null, lease_until = null
from unnest($1::text[], $2::smallint[], $3::text[]) as u (key, state, error)
where e.key = u.key and e.state in (0, 1, 2, 5) and (u.state <> 6 or (e.state in (0, 1) and not e.answer_lost))

-- name: commit_journal
insert into journal (instance_id, first_sequence, last_sequence, at, entries)
select * from unnest($1::text[], $2::int[], $3::int[], $4::bigint[], $5::text[])

-- What a group that lost finds out about its members.
-- name: commit_find_stimuli
select key, fingerprint, instance_id, answer, at from stimulus where key = any($1)

-- name: commit_find_revisions
select id, revision from instance where id = any($1)

-- name: commit_find_active
select activation_key, id from instance where activation_key = any($1) and status = 0

-- The committer's own row: registered with every connection, read when the answer of a commit was lost.
-- name: commit_register
insert into committer (id, sequence, at) values ($1, $2, database_now())

-- name: commit_forget
delete from committer where at < database_now() - 604800000000

-- name: commit_read_sequence
select sequence from committer where id = $1 for update

-- name: commit_skip_sequence
update committer set sequence = $2 where id = $1
