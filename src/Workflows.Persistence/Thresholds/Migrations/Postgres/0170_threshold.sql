-- Thresholds of metrics: what managers changed, how each stands for each scope, and which case has a matter.
create table metric_threshold (
    id text collate "C" not null,
    version integer not null check (version > 0),
    raise_e4 bigint not null,
    clear_e4 bigint not null,
    hold_minutes integer not null,
    clear_minutes integer not null,
    min_count integer not null,
    is_on integer not null check (is_on in (0, 1)),
    changed_at bigint not null,
    changed_by text not null,
    primary key (id, version)
);

create table metric_value (
    metric text collate "C" not null,
    scope text collate "C" not null,
    at bigint not null,
    value_e4 bigint not null,
    count bigint not null check (count >= 0),
    primary key (metric, scope, at)
);

-- One row for each threshold and scope. An episode is a crossing; owed is set in its commit and taken away when its event is published.
create table metric_state (
    threshold_id text collate "C" not null,
    scope text collate "C" not null,
    is_raised integer not null check (is_raised in (0, 1)),
    turning_since bigint,
    value_e4 bigint,
    count bigint not null,
    since bigint,
    observed_at bigint,
    episode integer not null,
    raised_at bigint,
    cleared_at bigint,
    event_id text,
    is_owed integer not null check (is_owed in (0, 1)),
    is_linked integer not null check (is_linked in (0, 1)),
    case_id text,
    primary key (threshold_id, scope)
);

-- A matter is what several thresholds may claim; the first event that was raised for it has it until its case ends.
create table metric_matter (
    id text collate "C" not null primary key,
    event_id text,
    case_id text,
    at bigint
);

alter table complaint add column promotion_id text;
create index complaint_of_promotion on complaint (promotion_id, received_at) where promotion_id is not null;
