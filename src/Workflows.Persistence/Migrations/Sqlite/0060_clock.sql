-- The same tables as for PostgreSQL; see there.
create table clock (
    id text not null primary key,
    instance_id text not null,
    definition_id text not null,
    task_id text,
    name text not null,
    kind integer not null,
    state integer not null,
    calendar_id text not null,
    calendar_version integer not null,
    started_at integer not null,
    due_at integer not null,
    breached_at integer,
    stopped_at integer,
    document text not null,
    constraint clock_state_known check (state in (0, 1, 2, 3)),
    constraint clock_kind_known check (kind in (0, 1)),
    constraint clock_breached_at_set_when_breached check ((state = 2) = (breached_at is not null)),
    constraint clock_stopped_does_not_pause check (stopped_at is null or state <> 3)
) strict;
create index clock_of_instance on clock (instance_id, id);
create index clock_of_task on clock (task_id) where task_id is not null;
create index clock_running on clock (state, due_at, id) where stopped_at is null;
create index clock_running_on_calendar on clock (calendar_id, calendar_version) where stopped_at is null;

create table time_rule (
    kind integer not null,
    id text not null,
    version integer not null check (version > 0),
    document text not null,
    created_at integer not null,
    created_by text not null,
    note text,
    primary key (kind, id, version)
) strict;
insert into setting (name, number) values ('time_rule_stamp', 0);
