-- The statements of a group commit, run row by row in one transaction; every member has a savepoint, so one that lost or is
-- refused leaves its neighbours untouched. Compiled once on the writing connection.

-- name: commit_stimulus
insert into stimulus (key, fingerprint, instance_id, answer, at) values (?1, ?2, ?3, ?4, ?5) on conflict (key) do nothing

-- name: commit_instance_update
update instance
set revision = ?2 + 1, definition_id = ?3, definition_version_id = ?4, definition_version = ?5, name = ?6, correlation_id = ?7,
    parent_instance_id = ?8, initiated_by = ?9, status = ?10, sub_status = ?11, executing_since = case when ?12 then database_now() end,
    incident_count = ?13, activation_key = ?14, state = ?15, created_at = ?16, updated_at = ?17, finished_at = ?18
where id = ?1 and revision = ?2

-- name: commit_instance_insert
insert into instance (id, revision, definition_id, definition_version_id, definition_version, name, correlation_id,
                      parent_instance_id, initiated_by, status, sub_status, executing_since, incident_count, activation_key,
                      state, created_at, updated_at, finished_at)
values (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, case when ?12 then database_now() end, ?13, ?14, ?15, ?16, ?17, ?18)
on conflict do nothing

-- name: commit_bookmark_delete
delete from bookmark where id = ?1

-- name: commit_bookmark_insert
insert into bookmark (id, instance_id, name, hash, payload, created_at) values (?1, ?2, ?3, ?4, ?5, ?6)

-- name: commit_timer_delete
delete from timer where id = ?1

-- name: commit_timer_insert
insert into timer (id, instance_id, due_at, execution, bookmark_id, tag) values (?1, ?2, ?3, ?4, ?5, ?6)

-- name: commit_user_task
insert into user_task (id, instance_id, definition_id, initiated_by, state, assignee, due_order, decided_by, created_at, closed_at, document)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
on conflict (id) do update set
    state = excluded.state, assignee = excluded.assignee, due_order = excluded.due_order, decided_by = excluded.decided_by,
    closed_at = excluded.closed_at, document = excluded.document

-- name: commit_candidate_delete
delete from user_task_candidate where task_id = ?1

-- name: commit_draft_delete
delete from task_draft where task_id = ?1

-- name: commit_candidate_insert
insert into user_task_candidate (identity, due_order, task_id, excluded, definition_id) values (?1, ?2, ?3, ?4, ?5)

-- name: commit_clock
insert into clock (id, instance_id, definition_id, task_id, name, kind, state, calendar_id, calendar_version, started_at, due_at, breached_at, stopped_at, document)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
on conflict (id) do update set
    state = excluded.state, calendar_version = excluded.calendar_version, started_at = excluded.started_at, due_at = excluded.due_at,
    breached_at = excluded.breached_at, stopped_at = excluded.stopped_at, document = excluded.document

-- name: commit_effect
insert into effect (key, instance_id, execution, kind, class, state, payload, bookmark_id, due_at, created_at, max_attempts,
                    attempts, claimed_by, claim_token, lease_until)
values (?1, ?2, ?3, ?4, ?5, ?11, ?6, ?7, ?8, ?9, ?10, case when ?11 = 0 then 0 else 1 end, ?12, ?13, coalesce(?14, database_now()) + ?15)

-- name: commit_notice
insert into notice (id, user_name, subject, body, task_id, instance_id, at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (id) do nothing

-- name: commit_effect_end
update effect
set state = ?3, last_error = coalesce(?4, last_error), claimed_by = null, claim_token = null, lease_until = null
where key = ?1 and claim_token = ?2 and state in (1, 2)

-- Final states stay. Withdrawing (6) reaches only what surely was not sent: not an attempt under way, nor one whose answer was lost.
-- name: commit_effect_settle
update effect
set state = ?2, last_error = coalesce(?3, last_error), claimed_by = null, claim_token = null, lease_until = null
where key = ?1 and state in (0, 1, 2, 5) and (?2 <> 6 or (state in (0, 1) and not answer_lost))

-- name: commit_journal
insert into journal (instance_id, first_sequence, last_sequence, at, entries) values (?1, ?2, ?3, ?4, ?5)

-- name: commit_savepoint
savepoint member

-- name: commit_release
release member

-- name: commit_rollback_member
rollback to member

-- name: commit_find_revision
select revision from instance where id = ?1

-- name: commit_find_active
select id from instance where activation_key = ?1 and status = 0
