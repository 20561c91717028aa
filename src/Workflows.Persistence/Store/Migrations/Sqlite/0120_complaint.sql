-- The same tables as for PostgreSQL (see there for what each is for).
create table complaint (
    id text not null primary key,
    received_at integer not null,
    customer text not null,
    mobile text,
    order_no text,
    channel text not null,
    class text,
    cause text,
    severity text,
    description text not null,
    state text not null check (state in ('received', 'replied', 'solved', 'reopened', 'invalid', 'dispute', 'closed')),
    replied_at integer,
    solved_at integer,
    reopened integer not null default 0,
    compensation_id text,
    satisfaction integer check (satisfaction between 1 and 5)
) strict;
create index complaint_newest on complaint (received_at desc, id desc);

create table customer_notice (
    id text not null primary key,
    complaint_id text not null references complaint (id),
    title text not null,
    body text not null,
    at integer not null
) strict;
create index customer_notice_of_complaint on customer_notice (complaint_id, at);

create table compensation (
    id text not null primary key,
    order_no text not null,
    cause text not null,
    form text not null check (form in ('coupon', 'refund', 'reshipment')),
    amount_e4 integer not null check (amount_e4 > 0),
    customer text,
    complaint_id text,
    given_at integer not null,
    used_at integer,
    revoked_at integer,
    constraint compensation_used_stays check (used_at is null or revoked_at is null)
) strict;
create unique index compensation_once on compensation (order_no, cause) where revoked_at is null;
