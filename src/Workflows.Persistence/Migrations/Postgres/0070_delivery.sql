-- Messages on their way: one row for each receiver and channel, kept with the case. State and receipt are two columns,
-- because a receipt may come before the sender has written down that it sent.
create table delivery (
    key text collate "C" primary key,
    cause text collate "C" not null,
    instance_id text collate "C" not null,
    task_id text collate "C",
    event text collate "C",
    severity integer not null check (severity between 0 and 3),
    channel text collate "C" not null,
    gateway text collate "C" not null,
    user_name text collate "C",
    address text collate "C" not null,
    subject text not null,
    body text not null,
    content text,
    state integer not null check (state between 0 and 9),
    created_at bigint not null,
    due_at bigint not null,
    attempts integer not null default 0 check (attempts >= 0),
    doubts integer not null default 0 check (doubts >= 0),
    last_error text,
    gateway_id text collate "C",
    sent_at bigint,
    receipt integer not null default 0 check (receipt between 0 and 3),
    receipt_at bigint,
    fallback_at bigint,
    parent_key text collate "C",
    merged_into text collate "C",
    claimed_by text,
    claim_token text,
    lease_until bigint,
    constraint delivery_claim_while_sending check ((state = 2) = (claim_token is not null and lease_until is not null)),
    constraint delivery_merged_into_something check ((state = 7) = (merged_into is not null))
);
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
    key text collate "C" not null references delivery (key) on delete cascade,
    number integer not null,
    began_at bigint not null,
    ended_at bigint,
    outcome integer not null default 0 check (outcome between 0 and 4),
    error text,
    node text not null,
    primary key (key, number)
);

create table delivery_receipt (
    key text collate "C" not null references delivery (key) on delete cascade,
    state integer not null check (state between 1 and 3),
    detail text not null,
    at bigint not null,
    primary key (key, state, detail)
);

-- The latest delivery for each case, receiver and channel; who finds one here shortly after is merged into it.
create table delivery_dedupe (
    key text collate "C" primary key,
    delivery_key text collate "C" not null,
    at bigint not null
);
create index delivery_dedupe_old on delivery_dedupe (at);

create table delivery_count (
    address text collate "C" not null,
    day text collate "C" not null,
    count integer not null,
    primary key (address, day)
);

-- Codes that stand in an SMS, where no link may stand.
create table message_code (
    code text collate "C" not null,
    user_name text collate "C" not null,
    path text not null,
    expires_at bigint not null,
    primary key (user_name, code)
);
create index message_code_old on message_code (expires_at);

create table message_template (
    event text collate "C" not null,
    channel text collate "C" not null,
    language text collate "C" not null,
    version integer not null check (version > 0),
    document text,
    changed_by text collate "C" not null,
    changed_at bigint not null,
    primary key (event, channel, language, version)
);

create table message_preference (
    user_name text collate "C" primary key,
    document text not null
);

insert into setting (name, number) values ('message_stamp', 0);

-- For people at the database's prompt.
create view v_delivery as
select key, channel, gateway, user_name, address, subject,
       (array['Held', 'Queued', 'Sending', 'Sent', 'Delivered', 'Failed', 'Unknown', 'Merged', 'Captured', 'Suppressed'])[state + 1] as state,
       as_time(created_at) as created_at, as_time(due_at) as due_at, attempts, doubts, last_error
from delivery;
