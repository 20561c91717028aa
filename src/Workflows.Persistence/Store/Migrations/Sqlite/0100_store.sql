-- The same tables as for PostgreSQL (see there for what each is for).

create table supplier (
    code text not null primary key,
    name text not null,
    kind text not null,
    email text,
    mobile text
) strict;

create table product (
    stock_code text not null primary key,
    name text not null,
    price_e4 integer check (price_e4 >= 0),
    supplier_code text
) strict;

create table promotion (
    id text not null primary key,
    name text not null,
    kind text not null,
    starts_at integer not null,
    ends_at integer not null,
    settings text,
    rule_cache text,
    page_deleted_at integer,
    constraint promotion_ends_after_start check (ends_at > starts_at),
    constraint promotion_page_gone_means_settings_gone check ((page_deleted_at is null) = (settings is not null))
) strict;

create table promotion_participant (
    promotion_id text not null references promotion (id),
    customer_id text not null,
    name text,
    mobile text,
    joined_at integer not null,
    flagged integer not null check (flagged in (0, 1)),
    primary key (promotion_id, customer_id)
) strict;

create table promotion_transaction (
    promotion_id text not null references promotion (id),
    transaction_id text not null,
    customer_id text not null,
    at integer not null,
    amount_e4 integer not null,
    discount_e4 integer not null,
    primary key (promotion_id, transaction_id)
) strict;

create table sales_line (
    key blob not null primary key,
    invoice_no text not null,
    stock_code text not null,
    description text,
    quantity integer not null check (quantity <> 0),
    at integer not null,
    unit_price_e4 integer not null check (unit_price_e4 >= 0),
    customer_id text,
    country text,
    cancelled integer not null check (cancelled in (0, 1))
) strict;
create index sales_line_by_time on sales_line (at);
create index sales_line_of_product on sales_line (stock_code, at);

create table daily_visit (
    day_at integer not null primary key,
    visitors integer not null check (visitors >= 0)
) strict;

create table backup_set (
    id text not null primary key,
    promotion_id text not null references promotion (id),
    created_at integer not null,
    manifest text not null,
    verified_at integer
) strict;
create index backup_set_of_promotion on backup_set (promotion_id, created_at);

create table backup_row (
    backup_id text not null references backup_set (id),
    part text not null check (part in ('settings', 'participants', 'transactions')),
    row_key text not null,
    content text not null,
    primary key (backup_id, part, row_key)
) strict;

create table message_batch (
    id text not null primary key,
    promotion_id text not null references promotion (id),
    title text not null,
    body text not null,
    at integer not null
) strict;
create index message_batch_of_promotion on message_batch (promotion_id, at);

create table customer_message (
    batch_id text not null references message_batch (id),
    channel text not null check (channel in ('site', 'sms')),
    customer_id text not null,
    mobile text,
    primary key (batch_id, channel, customer_id)
) strict;

create table store_operation (
    key text not null primary key,
    kind text not null,
    payload text not null,
    result text not null,
    at integer not null
) strict;

create table store_import (
    id integer primary key,
    kind text not null,
    file_name text not null,
    rows integer not null,
    saved integer not null,
    known integer not null,
    rejected integer not null,
    reasons text not null,
    started_at integer not null,
    finished_at integer not null
) strict;
