-- Complaints of customers, what they were written, and what they were given. The whole number of a customer leaves this table only for a message to them.
create table complaint (
    id text collate "C" primary key,
    received_at bigint not null,
    customer text not null,
    mobile text,
    order_no text,
    channel text not null,
    class text,
    cause text,
    severity text,
    description text not null,
    state text not null check (state in ('received', 'replied', 'solved', 'reopened', 'invalid', 'dispute', 'closed')),
    replied_at bigint,
    solved_at bigint,
    reopened integer not null default 0,
    compensation_id text,
    satisfaction integer check (satisfaction between 1 and 5)
);
create index complaint_newest on complaint (received_at desc, id desc);

create table customer_notice (
    id text collate "C" primary key,
    complaint_id text collate "C" not null references complaint (id),
    title text not null,
    body text not null,
    at bigint not null
);
create index customer_notice_of_complaint on customer_notice (complaint_id, at);

create table compensation (
    id text collate "C" primary key,
    order_no text not null,
    cause text not null,
    form text not null check (form in ('coupon', 'refund', 'reshipment')),
    amount_e4 bigint not null check (amount_e4 > 0),
    customer text,
    complaint_id text,
    given_at bigint not null,
    used_at bigint,
    revoked_at bigint,
    constraint compensation_used_stays check (used_at is null or revoked_at is null)
);
-- One per order and cause, whoever pays; one that was taken back makes room for another.
create unique index compensation_once on compensation (order_no, cause) where revoked_at is null;
