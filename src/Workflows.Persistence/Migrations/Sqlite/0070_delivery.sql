-- The same tables as for PostgreSQL (see there for what each is for).
create table delivery (
    key text not null primary key,
    cause text not null,
    instance_id text not null,
    task_id text,
    event text,
    severity integer not null check (severity between 0 and 3),
    channel text not null,
    gateway text not null,
    user_name text,
    address text not null,
    subject text not null,
    body text not null,
    content text,
    state integer not null check (state between 0 and 9),
    created_at integer not null,
    due_at integer not null,
    attempts integer not null default 0 check (attempts >= 0),
    doubts integer not null default 0 check (doubts >= 0),
    last_error text,
    gateway_id text,
    sent_at integer,
    receipt integer not null default 0 check (receipt between 0 and 3),
    receipt_at integer,
    fallback_at integer,
    parent_key text,
    merged_into text,
    claimed_by text,
    claim_token text,
    lease_until integer,
    constraint delivery_claim_while_sending check ((state = 2) = (claim_token is not null and lease_until is not null)),
    constraint delivery_merged_into_something check ((state = 7) = (merged_into is not null))
) strict;
create index delivery_due on delivery (gateway, severity desc, due_at) where state = 1;
create index delivery_next on delivery (gateway, due_at) where state = 1;
create index delivery_leased on delivery (gateway, lease_until) where state = 2;
create index delivery_held on delivery (due_at) where state = 0;
create index delivery_fallback on delivery (fallback_at) where fallback_at is not null;
create index delivery_by_gateway_id on delivery (gateway, gateway_id) where gateway_id is not null;
create index delivery_of_instance on delivery (instance_id);
create index delivery_newest on delivery (created_at desc, key desc);
create index delivery_by_state on delivery (state, created_at desc, key desc);

create table delivery_attempt (
    key text not null references delivery (key) on delete cascade,
    number integer not null,
    began_at integer not null,
    ended_at integer,
    outcome integer not null default 0 check (outcome between 0 and 4),
    error text,
    node text not null,
    primary key (key, number)
) strict;

create table delivery_receipt (
    key text not null references delivery (key) on delete cascade,
    state integer not null check (state between 1 and 3),
    detail text not null,
    at integer not null,
    primary key (key, state, detail)
) strict;

-- The latest delivery for each case, receiver and channel; who finds one here shortly after is merged into it.
create table delivery_dedupe (
    key text not null primary key,
    delivery_key text not null,
    at integer not null
) strict;
create index delivery_dedupe_old on delivery_dedupe (at);

create table delivery_count (
    address text not null,
    day text not null,
    count integer not null,
    primary key (address, day)
) strict;

-- Codes that stand in an SMS, where no link may stand.
create table message_code (
    code text not null,
    user_name text not null,
    path text not null,
    expires_at integer not null,
    primary key (user_name, code)
) strict;
create index message_code_old on message_code (expires_at);

create table message_template (
    event text not null,
    channel text not null,
    language text not null,
    version integer not null check (version > 0),
    document text,
    changed_by text not null,
    changed_at integer not null,
    primary key (event, channel, language, version)
) strict;

create table message_preference (
    user_name text not null primary key,
    document text not null
) strict;

insert into setting (name, number) values ('message_stamp', 0);

