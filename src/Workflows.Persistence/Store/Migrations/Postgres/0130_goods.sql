-- Goods: what the shop does with a product, its stock, its visitors and its coupons.
-- off_sale_at is set while the product is not on sale, blocked while its stock may not leave the house. price_before_e4, price_until
-- and priced_by belong together: a price for a time, what it goes back to, when, and who set it; only they may end it.
alter table product add column cost_e4 bigint check (cost_e4 >= 0);
alter table product add column listed_at bigint;
alter table product add column off_sale_at bigint;
alter table product add column off_sale_by text;
alter table product add column off_sale_reason text;
alter table product add column blocked integer not null default 0 check (blocked in (0, 1));
alter table product add column price_before_e4 bigint;
alter table product add column price_until bigint;
alter table product add column priced_by text;

-- Marks keep a product out of something while somebody wants it so: trial, seasonal, complaint (no clearance), no-replenishment.
create table product_mark (
    stock_code text not null references product (stock_code),
    mark text not null check (mark in ('trial', 'seasonal', 'complaint', 'no-replenishment')),
    marked_by text not null,
    primary key (stock_code, mark, marked_by)
);

-- count: what was counted at that instant. received: what came in then.
create table stock_entry (
    stock_code text not null,
    at bigint not null,
    kind text not null check (kind in ('count', 'received')),
    quantity bigint not null check (quantity >= 0),
    primary key (stock_code, kind, at)
);

create table product_visit (
    stock_code text not null,
    day_at bigint not null,
    visitors bigint not null check (visitors >= 0),
    primary key (stock_code, day_at)
);

create table product_coupon (
    id text not null primary key,
    stock_code text not null references product (stock_code),
    title text not null,
    percent_off_e4 bigint not null check (percent_off_e4 > 0 and percent_off_e4 < 1000000),
    begins_at bigint not null,
    ends_at bigint not null,
    ended_at bigint
);
create index product_coupon_of_product on product_coupon (stock_code);

-- Messages about products; one per batch, channel and customer, whatever happens.
create table goods_notice (
    id text not null primary key,
    title text not null,
    body text not null,
    at bigint not null
);

create table goods_notice_product (
    notice_id text not null references goods_notice (id),
    stock_code text not null,
    primary key (notice_id, stock_code)
);
create index goods_notice_of_product on goods_notice_product (stock_code);

create table goods_notice_customer (
    notice_id text not null references goods_notice (id),
    channel text not null check (channel in ('site', 'sms')),
    customer_id text not null,
    mobile text,
    primary key (notice_id, channel, customer_id)
);
