-- The same tables as for PostgreSQL (see there for what each is for).
create table blacklist_entry (
    entry text not null,
    customer text not null,
    scope text not null check (scope in ('orders', 'coupons', 'reviews')),
    reason text not null,
    listed_at integer not null,
    until_at integer,
    removed_at integer,
    removed_by text,
    removal_reason text,
    primary key (entry, scope),
    constraint blacklist_removed_whole check ((removed_at is null) = (removed_by is null))
) strict;
create index blacklist_of_customer on blacklist_entry (customer, scope);

create table budget (
    id text not null primary key,
    title text not null,
    total_fen integer not null check (total_fen > 0),
    opened_by text not null,
    opened_at integer not null,
    closed_at integer
) strict;

create table budget_reservation (
    id text not null primary key,
    budget_id text not null references budget (id),
    purpose text not null,
    open_fen integer not null check (open_fen >= 0),
    spent_fen integer not null default 0 check (spent_fen >= 0),
    reserved_at integer not null,
    released_at integer
) strict;
create index budget_reservation_of_budget on budget_reservation (budget_id);

create table budget_spending (
    id text not null primary key,
    reservation_id text not null references budget_reservation (id),
    amount_fen integer not null check (amount_fen > 0),
    spent_at integer not null,
    undone_at integer
) strict;
