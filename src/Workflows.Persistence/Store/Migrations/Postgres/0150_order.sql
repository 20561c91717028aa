-- Orders of customers, as exports of the seller back end tell them, and what the shop did about them. Amounts in fen.
-- cancelled_by is the step that cancelled it here; an export never undoes that.
create table shop_order (
    order_no text collate "C" primary key,
    customer text,
    mobile text,
    city_tier text check (city_tier in ('tier1', 'tier2', 'remote')),
    supplier_code text,
    carrier text,
    waybill text,
    placed_at bigint not null,
    paid_at bigint,
    approved_at bigint,
    promised_dispatch_at bigint,
    promised_delivery_at bigint,
    dispatched_at bigint,
    delivered_at bigint,
    state text not null check (state in ('created', 'paid', 'dispatched', 'delivered', 'cancelled', 'unavailable')),
    amount_fen bigint check (amount_fen >= 0),
    cancelled_at bigint,
    cancelled_by text,
    cancel_reason text,
    refunded_fen bigint,
    constraint shop_order_cancelled_whole check ((cancelled_at is null) = (cancelled_by is null))
);
create index shop_order_newest on shop_order (placed_at desc, order_no desc);
create index shop_order_late on shop_order (delivered_at) where delivered_at > promised_delivery_at;

-- Late orders a search has answered: each once, so that what is started for it is started once.
create table order_claim (
    order_no text collate "C" not null references shop_order (order_no),
    cause text not null,
    claimed_by text not null,
    claimed_at bigint not null,
    primary key (order_no, cause)
);
create index order_claim_by on order_claim (claimed_by);

create table order_notice (
    id text collate "C" primary key,
    order_no text collate "C" not null references shop_order (order_no),
    title text not null,
    body text not null,
    at bigint not null
);
create index order_notice_of_order on order_notice (order_no, at);
