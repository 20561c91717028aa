-- Clocks (SLA) as rows beside the state, for lists and reports; kept when they have stopped. The document says all.
create table clock (
    id text collate "C" primary key,
    instance_id text collate "C" not null,
    definition_id text collate "C" not null,
    task_id text collate "C",
    name text not null,
    kind smallint not null,
    -- 0 ok, 1 warn, 2 breached, 3 paused; of a stopped one, how it ended.
    state smallint not null,
    calendar_id text collate "C" not null,
    calendar_version int not null,
    started_at bigint not null,
    due_at bigint not null,
    breached_at bigint,
    stopped_at bigint,
    document text not null,
    constraint clock_state_known check (state in (0, 1, 2, 3)),
    constraint clock_kind_known check (kind in (0, 1)),
    constraint clock_breached_at_set_when_breached check ((state = 2) = (breached_at is not null)),
    constraint clock_stopped_does_not_pause check (stopped_at is null or state <> 3)
) with (fillfactor = 80);
create index clock_of_instance on clock (instance_id, id);
create index clock_of_task on clock (task_id) where task_id is not null;
create index clock_running on clock (state, due_at, id) where stopped_at is null;
create index clock_running_on_calendar on clock (calendar_id, calendar_version) where stopped_at is null;

-- Versions of calendars (0), ladders (1) and rotas (2). A version is never changed: clocks keep the one they started with.
create table time_rule (
    kind smallint not null,
    id text collate "C" not null,
    version int not null check (version > 0),
    document text not null,
    created_at bigint not null,
    created_by text collate "C" not null,
    note text,
    primary key (kind, id, version)
);
insert into setting (name, number) values ('time_rule_stamp', 0);
