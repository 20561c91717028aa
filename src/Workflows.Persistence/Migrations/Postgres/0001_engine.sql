-- Instants are bigint microseconds since 1970 UTC (docs/decisions/0003); the views below show them as timestamps.
-- Ids compare bytewise (collate "C"): faster, and the same order as in SQLite, which cursors rely on.
-- No foreign keys among the tables of an instance: they are only written together, by the group commit, and a key check
-- for each row would cost more than the row.
-- Enums are the numbers of the C# enums; the views name them.

create function database_now() returns bigint
    language sql volatile parallel safe
    return (extract(epoch from clock_timestamp()) * 1000000)::bigint;

-- Fails the transaction unless as many rows were written as intended. It stands inside the commit's own statements, so
-- that a lost race can never reach the commit, and the whole group needs one round trip.
create function expect_rows(actual bigint, expected bigint, code text) returns bigint
    language plpgsql volatile as $$
begin
    if actual <> expected then
        raise exception 'wrote % rows, expected %', actual, expected using errcode = code;
    end if;
    return actual;
end $$;

create table setting (
    name text collate "C" primary key,
    number bigint not null
);
insert into setting (name, number) values ('business_offset', 0), ('definition_stamp', 0), ('organisation_stamp', 0);

-- One row per running committer, moved on by every group it commits: tells whether a commit whose answer was lost happened.
create table committer (
    id text collate "C" primary key,
    sequence bigint not null,
    at bigint not null
) with (fillfactor = 50);

create table instance (
    id text collate "C" primary key,
    revision bigint not null check (revision > 0),
    definition_id text collate "C" not null,
    definition_version_id text collate "C" not null,
    definition_version integer not null,
    name text,
    correlation_id text collate "C",
    parent_instance_id text collate "C",
    initiated_by text collate "C",
    status smallint not null,
    sub_status smallint not null,
    -- Set, by the database's clock, when a commit boundary cut a burst; recovery finds the instance by it.
    executing_since bigint,
    incident_count integer not null check (incident_count >= 0),
    activation_key text collate "C",
    state bytea not null,
    created_at bigint not null,
    updated_at bigint not null,
    finished_at bigint,
    constraint instance_status_known check (status in (0, 1)),
    constraint instance_sub_status_fits check ((status = 0 and sub_status in (0, 1, 2, 6)) or (status = 1 and sub_status in (3, 4, 5))),
    constraint instance_finished_at_set_when_finished check ((status = 1) = (finished_at is not null)),
    constraint instance_executing_only_while_running check (executing_since is null or status = 0)
) with (fillfactor = 80);
create unique index instance_one_active on instance (activation_key) where activation_key is not null and status = 0;
create index instance_of_definition on instance (definition_id, id);
create index instance_by_sub_status on instance (sub_status, id);
create index instance_by_correlation on instance (correlation_id, id) where correlation_id is not null;
create index instance_by_initiator on instance (initiated_by, id) where initiated_by is not null;
create index instance_by_parent on instance (parent_instance_id, id) where parent_instance_id is not null;
create index instance_interrupted on instance (executing_since) where executing_since is not null;
create index instance_with_incidents on instance (id) where incident_count > 0;

create table bookmark (
    id text collate "C" primary key,
    instance_id text collate "C" not null,
    name text collate "C" not null,
    hash text collate "C" not null,
    payload text,
    created_at bigint not null
);
create index bookmark_by_hash on bookmark (hash, instance_id);
create index bookmark_by_name on bookmark (name, created_at, id);

create table timer (
    id text collate "C" primary key,
    instance_id text collate "C" not null,
    due_at bigint not null,
    execution integer not null,
    bookmark_id text collate "C",
    tag text,
    claimed_by text,
    lease_until bigint,
    constraint timer_lease_with_claim check ((claimed_by is null) = (lease_until is null))
) with (autovacuum_vacuum_scale_factor = 0.05);
create index timer_due on timer (due_at) where claimed_by is null;
create index timer_leased on timer (lease_until) where claimed_by is not null;

create table user_task (
    id text collate "C" primary key,
    instance_id text collate "C" not null,
    definition_id text collate "C" not null,
    initiated_by text collate "C",
    state smallint not null,
    assignee text collate "C",
    -- Due instant, or the greatest number when there is none, so that tasks without a deadline come last.
    due_order bigint not null,
    decided_by text collate "C",
    created_at bigint not null,
    closed_at bigint,
    document text not null,
    constraint user_task_state_known check (state in (0, 1, 2, 3)),
    constraint user_task_closed_at_set_when_closed check ((state in (2, 3)) = (closed_at is not null)),
    constraint user_task_claimed_by_somebody check (state <> 1 or assignee is not null)
) with (fillfactor = 80);
create index user_task_open_of_assignee on user_task (assignee, due_order, id) where state in (0, 1) and assignee is not null;
create index user_task_done_by on user_task (decided_by, closed_at desc, id desc) where state = 2 and decided_by is not null;
create index user_task_of_initiator on user_task (initiated_by, created_at desc, id desc) where initiated_by is not null;
create index user_task_of_instance on user_task (instance_id);

-- Who may claim a task nobody has yet; the rows go when it is claimed or closed.
create table user_task_candidate (
    identity text collate "C" not null,
    due_order bigint not null,
    task_id text collate "C" not null,
    -- JSON array of user names who may never decide it; null when there are none.
    excluded text,
    primary key (identity, due_order, task_id)
);
create index user_task_candidate_of_task on user_task_candidate (task_id);

create table effect (
    key text collate "C" primary key,
    instance_id text collate "C" not null,
    execution integer not null,
    kind text collate "C" not null,
    class smallint not null check (class in (0, 1)),
    state smallint not null check (state between 0 and 6),
    payload text,
    bookmark_id text collate "C",
    due_at bigint not null,
    created_at bigint not null,
    max_attempts integer not null,
    attempts integer not null default 0 check (attempts >= 0),
    -- True once an attempt began and its answer was never recorded; survives further claims.
    answer_lost boolean not null default false,
    last_error text,
    claimed_by text,
    claim_token text collate "C",
    lease_until bigint,
    constraint effect_claim_while_claimed check ((state in (1, 2)) = (claim_token is not null and lease_until is not null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create index effect_due on effect (due_at) where state = 0;
create index effect_leased on effect (lease_until) where state in (1, 2);
create index effect_troubled on effect (key) where state in (4, 5);
create index effect_of_instance on effect (instance_id);

-- One row per burst: writing entry by entry would double the rows of a commit.
create table journal (
    instance_id text collate "C" not null,
    first_sequence integer not null check (first_sequence > 0),
    last_sequence integer not null,
    at bigint not null,
    entries text not null,
    primary key (instance_id, first_sequence),
    constraint journal_in_order check (last_sequence >= first_sequence)
);

create table stimulus (
    key text collate "C" primary key,
    fingerprint text not null,
    instance_id text collate "C" not null,
    answer text,
    at bigint not null
);

create table event (
    id text collate "C" primary key,
    name text collate "C" not null,
    hash text collate "C" not null,
    correlation_id text collate "C",
    instance_id text collate "C",
    payload text,
    received_at bigint not null,
    expires_at bigint not null,
    -- End of the first delivery, whether it reached anybody or not.
    dispatched_at bigint,
    delivered_at bigint
);
create index event_waiting on event (hash, received_at) where delivered_at is null and dispatched_at is not null;
create index event_unreached on event (received_at, id) where delivered_at is null and dispatched_at is not null;
create index event_undispatched on event (received_at) where dispatched_at is null;
create index event_expiry on event (expires_at);

create table definition (
    version_id text collate "C" primary key,
    definition_id text collate "C" not null,
    version integer not null check (version > 0),
    name text not null,
    description text,
    is_latest boolean not null,
    is_published boolean not null,
    document text not null,
    created_at bigint not null,
    updated_at bigint not null,
    created_by text,
    unique (definition_id, version)
);
create unique index definition_one_latest on definition (definition_id) where is_latest;
create unique index definition_one_published on definition (definition_id) where is_published;

create table definition_trigger (
    id text collate "C" primary key,
    definition_id text collate "C" not null,
    version_id text collate "C" not null references definition (version_id) on delete cascade,
    name text collate "C" not null,
    activity_id text collate "C" not null,
    hash text collate "C" not null,
    payload text
);
create index definition_trigger_by_hash on definition_trigger (hash);
create index definition_trigger_by_name on definition_trigger (name);
create index definition_trigger_of_definition on definition_trigger (definition_id);
create index definition_trigger_of_version on definition_trigger (version_id);

create table person (
    user_name text collate "C" primary key,
    display_name text not null,
    manager text collate "C",
    email text,
    mobile text,
    is_active boolean not null,
    password_hash text
);

create table person_role (
    user_name text collate "C" not null references person (user_name) on delete cascade,
    role text collate "C" not null,
    primary key (user_name, role)
);

create table access_token (
    token_hash text collate "C" primary key,
    user_name text collate "C" not null references person (user_name) on delete cascade,
    expires_at bigint not null
);
create index access_token_of_person on access_token (user_name, expires_at);

-- For people reading by hand.
create function as_time(micros bigint) returns timestamptz
    language sql immutable parallel safe
    return to_timestamp(micros / 1000000.0);

create view v_instance as
select id, definition_id, definition_version, name, correlation_id, parent_instance_id, initiated_by,
       (array['Running', 'Finished'])[status + 1] as status,
       (array['Pending', 'Executing', 'Suspended', 'Finished', 'Cancelled', 'Faulted', 'Interrupted'])[sub_status + 1] as sub_status,
       as_time(executing_since) as executing_since, incident_count, activation_key, revision, length(state) as state_bytes,
       as_time(created_at) as created_at, as_time(updated_at) as updated_at, as_time(finished_at) as finished_at,
       convert_from(state, 'UTF8') as state
from instance;

create view v_timer as
select id, instance_id, as_time(due_at) as due_at, execution, bookmark_id, tag, claimed_by, as_time(lease_until) as lease_until
from timer;

create view v_effect as
select key, instance_id, kind, (array['Notice', 'Irreversible'])[class + 1] as class,
       (array['Queued', 'Claimed', 'Attempting', 'Done', 'Failed', 'Unknown', 'Cancelled'])[state + 1] as state,
       attempts, max_attempts, answer_lost, last_error, claimed_by, as_time(lease_until) as lease_until,
       as_time(due_at) as due_at, as_time(created_at) as created_at, payload
from effect;

create view v_user_task as
select id, instance_id, definition_id, initiated_by,
       (array['Open', 'Claimed', 'Completed', 'Cancelled'])[state + 1] as state, assignee, decided_by,
       case when due_order < 9223372036854775807 then as_time(due_order) end as due_at,
       as_time(created_at) as created_at, as_time(closed_at) as closed_at, document
from user_task;

create view v_event as
select id, name, correlation_id, instance_id, as_time(received_at) as received_at, as_time(expires_at) as expires_at,
       as_time(dispatched_at) as dispatched_at, as_time(delivered_at) as delivered_at, payload
from event;

create view v_journal as
select instance_id, first_sequence, last_sequence, as_time(at) as at, entries
from journal;
