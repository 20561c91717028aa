-- The same as for PostgreSQL (see there for what each is for).
alter table product add column cost_e4 integer check (cost_e4 >= 0);
alter table product add column listed_at integer;
alter table product add column off_sale_at integer;
alter table product add column off_sale_by text;
alter table product add column off_sale_reason text;
alter table product add column blocked integer not null default 0 check (blocked in (0, 1));
alter table product add column price_before_e4 integer;
alter table product add column price_until integer;
alter table product add column priced_by text;

create table product_mark (
    stock_code text not null references product (stock_code),
    mark text not null check (mark in ('trial', 'seasonal', 'complaint', 'no-replenishment')),
    marked_by text not null,
    primary key (stock_code, mark, marked_by)
) strict;

create table stock_entry (
    stock_code text not null,
    at integer not null,
    kind text not null check (kind in ('count', 'received')),
    quantity integer not null check (quantity >= 0),
    primary key (stock_code, kind, at)
) strict;

create table product_visit (
    stock_code text not null,
    day_at integer not null,
    visitors integer not null check (visitors >= 0),
    primary key (stock_code, day_at)
) strict;

create table product_coupon (
    id text not null primary key,
    stock_code text not null references product (stock_code),
    title text not null,
    percent_off_e4 integer not null check (percent_off_e4 > 0 and percent_off_e4 < 1000000),
    begins_at integer not null,
    ends_at integer not null,
    ended_at integer
) strict;
create index product_coupon_of_product on product_coupon (stock_code);

create table goods_notice (
    id text not null primary key,
    title text not null,
    body text not null,
    at integer not null
) strict;

create table goods_notice_product (
    notice_id text not null references goods_notice (id),
    stock_code text not null,
    primary key (notice_id, stock_code)
) strict;
create index goods_notice_of_product on goods_notice_product (stock_code);

create table goods_notice_customer (
    notice_id text not null references goods_notice (id),
    channel text not null check (channel in ('site', 'sms')),
    customer_id text not null,
    mobile text,
    primary key (notice_id, channel, customer_id)
) strict;
