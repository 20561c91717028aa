-- The same tables as for PostgreSQL (see there for what each is for).
create table shop_order (
    order_no text not null primary key,
    customer text,
    mobile text,
    city_tier text check (city_tier in ('tier1', 'tier2', 'remote')),
    supplier_code text,
    carrier text,
    waybill text,
    placed_at integer not null,
    paid_at integer,
    approved_at integer,
    promised_dispatch_at integer,
    promised_delivery_at integer,
    dispatched_at integer,
    delivered_at integer,
    state text not null check (state in ('created', 'paid', 'dispatched', 'delivered', 'cancelled', 'unavailable')),
    amount_fen integer check (amount_fen >= 0),
    cancelled_at integer,
    cancelled_by text,
    cancel_reason text,
    refunded_fen integer,
    constraint shop_order_cancelled_whole check ((cancelled_at is null) = (cancelled_by is null))
) strict;
create index shop_order_newest on shop_order (placed_at desc, order_no desc);
create index shop_order_late on shop_order (delivered_at) where delivered_at > promised_delivery_at;

create table order_claim (
    order_no text not null references shop_order (order_no),
    cause text not null,
    claimed_by text not null,
    claimed_at integer not null,
    primary key (order_no, cause)
) strict;
create index order_claim_by on order_claim (claimed_by);

create table order_notice (
    id text not null primary key,
    order_no text not null references shop_order (order_no),
    title text not null,
    body text not null,
    at integer not null
) strict;
create index order_notice_of_order on order_notice (order_no, at);
