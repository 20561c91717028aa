-- The same tables as for PostgreSQL (see there for what each is for); SQLite differs in types and has no views, because its
-- shell shows instants with datetime(due_at / 1000000, 'unixepoch').

create table setting (
    name text not null primary key,
    number integer not null
) strict;
insert into setting (name, number) values ('business_offset', 0), ('definition_stamp', 0), ('organisation_stamp', 0);
create table committer (
    id text not null primary key,
    sequence integer not null,
    at integer not null
) strict;

create table instance (
    id text not null primary key,
    revision integer not null check (revision > 0),
    definition_id text not null,
    definition_version_id text not null,
    definition_version integer not null,
    name text,
    correlation_id text,
    parent_instance_id text,
    initiated_by text,
    status integer not null,
    sub_status integer not null,
    executing_since integer,
    incident_count integer not null check (incident_count >= 0),
    activation_key text,
    state blob not null,
    created_at integer not null,
    updated_at integer not null,
    finished_at integer,
    constraint instance_status_known check (status in (0, 1)),
    constraint instance_sub_status_fits check ((status = 0 and sub_status in (0, 1, 2, 6)) or (status = 1 and sub_status in (3, 4, 5))),
    constraint instance_finished_at_set_when_finished check ((status = 1) = (finished_at is not null)),
    constraint instance_executing_only_while_running check (executing_since is null or status = 0)
) strict;
create unique index instance_one_active on instance (activation_key) where activation_key is not null and status = 0;
create index instance_of_definition on instance (definition_id, id);
create index instance_by_sub_status on instance (sub_status, id);
create index instance_by_correlation on instance (correlation_id, id) where correlation_id is not null;
create index instance_by_initiator on instance (initiated_by, id) where initiated_by is not null;
create index instance_by_parent on instance (parent_instance_id, id) where parent_instance_id is not null;
create index instance_interrupted on instance (executing_since) where executing_since is not null;
create index instance_with_incidents on instance (id) where incident_count > 0;

create table bookmark (
    id text not null primary key,
    instance_id text not null,
    name text not null,
    hash text not null,
    payload text,
    created_at integer not null
) strict;
create index bookmark_by_hash on bookmark (hash, instance_id);
create index bookmark_by_name on bookmark (name, created_at, id);

create table timer (
    id text not null primary key,
    instance_id text not null,
    due_at integer not null,
    execution integer not null,
    bookmark_id text,
    tag text,
    claimed_by text,
    lease_until integer,
    constraint timer_lease_with_claim check ((claimed_by is null) = (lease_until is null))
) strict;
create index timer_due on timer (due_at) where claimed_by is null;
create index timer_leased on timer (lease_until) where claimed_by is not null;

create table user_task (
    id text not null primary key,
    instance_id text not null,
    definition_id text not null,
    initiated_by text,
    state integer not null,
    assignee text,
    due_order integer not null,
    decided_by text,
    created_at integer not null,
    closed_at integer,
    document text not null,
    constraint user_task_state_known check (state in (0, 1, 2, 3)),
    constraint user_task_closed_at_set_when_closed check ((state in (2, 3)) = (closed_at is not null)),
    constraint user_task_claimed_by_somebody check (state <> 1 or assignee is not null)
) strict;
create index user_task_open_of_assignee on user_task (assignee, due_order, id) where state in (0, 1) and assignee is not null;
create index user_task_done_by on user_task (decided_by, closed_at desc, id desc) where state = 2 and decided_by is not null;
create index user_task_of_initiator on user_task (initiated_by, created_at desc, id desc) where initiated_by is not null;
create index user_task_of_instance on user_task (instance_id);
create table user_task_candidate (
    identity text not null,
    due_order integer not null,
    task_id text not null,
    excluded text,
    primary key (identity, due_order, task_id)
) strict;
create index user_task_candidate_of_task on user_task_candidate (task_id);

create table effect (
    key text not null primary key,
    instance_id text not null,
    execution integer not null,
    kind text not null,
    class integer not null check (class in (0, 1)),
    state integer not null check (state between 0 and 6),
    payload text,
    bookmark_id text,
    due_at integer not null,
    created_at integer not null,
    max_attempts integer not null,
    attempts integer not null default 0 check (attempts >= 0),
    answer_lost integer not null default 0 check (answer_lost in (0, 1)),
    last_error text,
    claimed_by text,
    claim_token text,
    lease_until integer,
    constraint effect_claim_while_claimed check ((state in (1, 2)) = (claim_token is not null and lease_until is not null))
) strict;
create index effect_due on effect (due_at) where state = 0;
create index effect_leased on effect (lease_until) where state in (1, 2);
create index effect_troubled on effect (key) where state in (4, 5);
create index effect_of_instance on effect (instance_id);
create table journal (
    instance_id text not null,
    first_sequence integer not null check (first_sequence > 0),
    last_sequence integer not null,
    at integer not null,
    entries text not null,
    primary key (instance_id, first_sequence),
    constraint journal_in_order check (last_sequence >= first_sequence)
) strict;

create table stimulus (
    key text not null primary key,
    fingerprint text not null,
    instance_id text not null,
    answer text,
    at integer not null
) strict;

create table event (
    id text not null primary key,
    name text not null,
    hash text not null,
    correlation_id text,
    instance_id text,
    payload text,
    received_at integer not null,
    expires_at integer not null,
    dispatched_at integer,
    delivered_at integer
) strict;
create index event_waiting on event (hash, received_at) where delivered_at is null and dispatched_at is not null;
create index event_unreached on event (received_at, id) where delivered_at is null and dispatched_at is not null;
create index event_undispatched on event (received_at) where dispatched_at is null;
create index event_expiry on event (expires_at);

create table definition (
    version_id text not null primary key,
    definition_id text not null,
    version integer not null check (version > 0),
    name text not null,
    description text,
    is_latest integer not null check (is_latest in (0, 1)),
    is_published integer not null check (is_published in (0, 1)),
    document text not null,
    created_at integer not null,
    updated_at integer not null,
    created_by text,
    unique (definition_id, version)
) strict;
create unique index definition_one_latest on definition (definition_id) where is_latest;
create unique index definition_one_published on definition (definition_id) where is_published;

create table definition_trigger (
    id text not null primary key,
    definition_id text not null,
    version_id text not null references definition (version_id) on delete cascade,
    name text not null,
    activity_id text not null,
    hash text not null,
    payload text
) strict;
create index definition_trigger_by_hash on definition_trigger (hash);
create index definition_trigger_by_name on definition_trigger (name);
create index definition_trigger_of_definition on definition_trigger (definition_id);
create index definition_trigger_of_version on definition_trigger (version_id);

create table person (
    user_name text not null primary key,
    display_name text not null,
    manager text,
    email text,
    mobile text,
    is_active integer not null check (is_active in (0, 1)),
    password_hash text
) strict;

create table person_role (
    user_name text not null references person (user_name) on delete cascade,
    role text not null,
    primary key (user_name, role)
) strict;

create table access_token (
    token_hash text not null primary key,
    user_name text not null references person (user_name) on delete cascade,
    expires_at integer not null
) strict;
create index access_token_of_person on access_token (user_name, expires_at);
