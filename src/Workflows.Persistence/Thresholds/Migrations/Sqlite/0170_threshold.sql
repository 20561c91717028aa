-- Thresholds of metrics: what managers changed, how each stands for each scope, and which case has a matter.
create table metric_threshold (
    id text not null,
    version integer not null check (version > 0),
    raise_e4 integer not null,
    clear_e4 integer not null,
    hold_minutes integer not null,
    clear_minutes integer not null,
    min_count integer not null,
    is_on integer not null check (is_on in (0, 1)),
    changed_at integer not null,
    changed_by text not null,
    primary key (id, version)
) strict;

create table metric_value (
    metric text not null,
    scope text not null,
    at integer not null,
    value_e4 integer not null,
    count integer not null check (count >= 0),
    primary key (metric, scope, at)
) strict;

-- One row for each threshold and scope. An episode is a crossing; owed is set in its commit and taken away when its event is published.
create table metric_state (
    threshold_id text not null,
    scope text not null,
    is_raised integer not null check (is_raised in (0, 1)),
    turning_since integer,
    value_e4 integer,
    count integer not null,
    since integer,
    observed_at integer,
    episode integer not null,
    raised_at integer,
    cleared_at integer,
    event_id text,
    is_owed integer not null check (is_owed in (0, 1)),
    is_linked integer not null check (is_linked in (0, 1)),
    case_id text,
    primary key (threshold_id, scope)
) strict;

-- A matter is what several thresholds may claim; the first event that was raised for it has it until its case ends.
create table metric_matter (
    id text not null primary key,
    event_id text,
    case_id text,
    at integer
) strict;

alter table complaint add column promotion_id text;
create index complaint_of_promotion on complaint (promotion_id, received_at) where promotion_id is not null;
