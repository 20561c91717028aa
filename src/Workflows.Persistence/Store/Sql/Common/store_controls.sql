-- Left out where a standing entry lasts at least as long.
-- name: store_blacklist
insert into blacklist_entry (entry, customer, scope, reason, listed_at, until_at)
select @entry, @customer, @scope, @reason, @at, @until
where not exists (
    select 1 from blacklist_entry b
    where b.customer = @customer and b.scope = @scope and b.removed_at is null and (b.until_at is null or (b.until_at > @at and b.until_at >= @until)))

-- name: store_undo_blacklist
delete from blacklist_entry where entry = @entry

-- name: store_unblacklist
update blacklist_entry set removed_at = @at, removed_by = @by, removal_reason = @reason
where customer = @customer and removed_at is null and (until_at is null or until_at > @at)
/*@scopes*/ and scope = any(@scopes)

-- name: store_undo_unblacklist
update blacklist_entry set removed_at = null, removed_by = null, removal_reason = null
where removed_by = @by and not exists (
    select 1 from blacklist_entry b where b.customer = blacklist_entry.customer and b.scope = blacklist_entry.scope and b.removed_at is null and (b.until_at is null or b.until_at > @at))

-- name: store_is_blacklisted
select count(*) from blacklist_entry where customer = @customer and scope = @scope and removed_at is null and (until_at is null or until_at > @at)

-- name: store_blacklist_of
select entry, customer, scope, reason, listed_at, until_at, removed_at, removal_reason, removed_by from blacklist_entry where customer = @customer order by listed_at desc, entry, scope

-- name: store_open_budget
insert into budget (id, title, total_fen, opened_by, opened_at) values (@id, @title, @total, @by, @at)
on conflict (id) do nothing

-- A closed budget stays on record, with what was reserved of it and taken back.
-- name: store_close_budget
update budget set closed_at = @at where id = @id and opened_by = @by and closed_at is null
and not exists (select 1 from budget_reservation r where r.budget_id = budget.id and (r.open_fen > 0 or r.spent_fen > 0))

-- name: store_lock_budget
select id from budget where id = @id for update

-- name: store_find_budget
select b.id, b.title, b.total_fen,
    cast(coalesce((select sum(r.open_fen) from budget_reservation r where r.budget_id = b.id), 0) as bigint),
    cast(coalesce((select sum(r.spent_fen) from budget_reservation r where r.budget_id = b.id), 0) as bigint)
from budget b where b.id = @id and b.closed_at is null

-- name: store_reserve_budget
insert into budget_reservation (id, budget_id, purpose, open_fen, reserved_at) values (@id, @budget, @purpose, @amount, @at)
on conflict (id) do nothing

-- name: store_find_reservation
select budget_id, open_fen, spent_fen from budget_reservation where id = @id

-- name: store_spend_reservation
update budget_reservation set open_fen = open_fen - @amount, spent_fen = spent_fen + @amount where id = @id and open_fen >= @amount

-- name: store_add_spending
insert into budget_spending (id, reservation_id, amount_fen, spent_at) values (@id, @reservation, @amount, @at)

-- name: store_undo_spending
update budget_spending set undone_at = @at where id = @id and undone_at is null

-- A reservation that was released meanwhile gets nothing back: the sum is free again.
-- name: store_return_spending
update budget_reservation set
    open_fen = open_fen + case when released_at is null then (select s.amount_fen from budget_spending s where s.id = @id) else 0 end,
    spent_fen = spent_fen - (select s.amount_fen from budget_spending s where s.id = @id)
where id = (select s.reservation_id from budget_spending s where s.id = @id)

-- name: store_release_reservation
update budget_reservation set open_fen = 0, released_at = @at where id = @id and released_at is null
