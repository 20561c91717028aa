-- The blacklist: one row per entry and scope. A customer is listed once per scope at a time; what ended or was removed stays on record.
create table blacklist_entry (
    entry text collate "C" not null,
    customer text collate "C" not null,
    scope text not null check (scope in ('orders', 'coupons', 'reviews')),
    reason text not null,
    listed_at bigint not null,
    until_at bigint,
    removed_at bigint,
    removed_by text,
    removal_reason text,
    primary key (entry, scope),
    constraint blacklist_removed_whole check ((removed_at is null) = (removed_by is null))
);
create index blacklist_of_customer on blacklist_entry (customer, scope);

-- Budgets in fen. What is promised and what is spent stand with their reservations; the row of the budget is locked while one is made.
create table budget (
    id text collate "C" not null primary key,
    title text not null,
    total_fen bigint not null check (total_fen > 0),
    opened_by text not null,
    opened_at bigint not null,
    closed_at bigint
);

create table budget_reservation (
    id text collate "C" not null primary key,
    budget_id text collate "C" not null references budget (id),
    purpose text not null,
    open_fen bigint not null check (open_fen >= 0),
    spent_fen bigint not null default 0 check (spent_fen >= 0),
    reserved_at bigint not null,
    released_at bigint
);
create index budget_reservation_of_budget on budget_reservation (budget_id);

create table budget_spending (
    id text collate "C" not null primary key,
    reservation_id text collate "C" not null references budget_reservation (id),
    amount_fen bigint not null check (amount_fen > 0),
    spent_at bigint not null,
    undone_at bigint
);
