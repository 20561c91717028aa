-- The shop's own data. Instants are microseconds as everywhere; amounts are whole ten-thousandths of the currency (column
-- names end in _e4), so that sums are exact and alike on both databases.

create table supplier (
    code text primary key,
    name text not null,
    kind text not null,
    email text,
    mobile text
);

create table product (
    stock_code text primary key,
    name text not null,
    price_e4 bigint check (price_e4 >= 0),
    supplier_code text
);

-- A deleted promotion keeps its row (number, name, period), so that records can still name it; settings are the page.
create table promotion (
    id text primary key,
    name text not null,
    kind text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    settings text,
    rule_cache text,
    page_deleted_at bigint,
    constraint promotion_ends_after_start check (ends_at > starts_at),
    constraint promotion_page_gone_means_settings_gone check ((page_deleted_at is null) = (settings is not null))
);

create table promotion_participant (
    promotion_id text not null references promotion (id),
    customer_id text not null,
    name text,
    mobile text,
    joined_at bigint not null,
    flagged integer not null check (flagged in (0, 1)),
    primary key (promotion_id, customer_id)
);

create table promotion_transaction (
    promotion_id text not null references promotion (id),
    transaction_id text not null,
    customer_id text not null,
    at bigint not null,
    amount_e4 bigint not null,
    discount_e4 bigint not null,
    primary key (promotion_id, transaction_id)
);

-- key: half a SHA-256 over the line's fields and the count of equal lines before it.
create table sales_line (
    key bytea primary key,
    invoice_no text not null,
    stock_code text not null,
    description text,
    quantity integer not null check (quantity <> 0),
    at bigint not null,
    unit_price_e4 bigint not null check (unit_price_e4 >= 0),
    customer_id text,
    country text,
    cancelled integer not null check (cancelled in (0, 1))
);
create index sales_line_by_time on sales_line (at);
create index sales_line_of_product on sales_line (stock_code, at);

-- day_at: the instant the day begins in the shop's time zone.
create table daily_visit (
    day_at bigint primary key,
    visitors bigint not null check (visitors >= 0)
);

-- Sealed when written: rows are only ever read. verified_at is set while the last check passed.
create table backup_set (
    id text primary key,
    promotion_id text not null references promotion (id),
    created_at bigint not null,
    manifest text not null,
    verified_at bigint
);
create index backup_set_of_promotion on backup_set (promotion_id, created_at);

create table backup_row (
    backup_id text not null references backup_set (id),
    part text not null check (part in ('settings', 'participants', 'transactions')),
    row_key text not null,
    content text not null,
    primary key (backup_id, part, row_key)
);

create table message_batch (
    id text primary key,
    promotion_id text not null references promotion (id),
    title text not null,
    body text not null,
    at bigint not null
);
create index message_batch_of_promotion on message_batch (promotion_id, at);

-- One message per batch, channel and customer, whatever happens.
create table customer_message (
    batch_id text not null references message_batch (id),
    channel text not null check (channel in ('site', 'sms')),
    customer_id text not null,
    mobile text,
    primary key (batch_id, channel, customer_id)
);

-- The result of every operation under its effect key, written with the change itself: a repeat finds it and does nothing.
create table store_operation (
    key text primary key,
    kind text not null,
    payload text not null,
    result text not null,
    at bigint not null
);

create table store_import (
    id bigint generated always as identity primary key,
    kind text not null,
    file_name text not null,
    rows bigint not null,
    saved bigint not null,
    known bigint not null,
    rejected bigint not null,
    reasons text not null,
    started_at bigint not null,
    finished_at bigint not null
);
