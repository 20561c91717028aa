-- Late as Order.IsLate says. The place of the page before is given as values: a subquery would be asked for every row.
-- name: store_list_orders
select order_no, customer, mobile, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen, cancelled_at, cancel_reason, refunded_fen
from shop_order
where true
/*@number*/ and order_no >= @number and order_no < @number_end
/*@state*/ and state = @state
/*@from*/ and placed_at >= @from
/*@to*/ and placed_at < @to
/*@late*/ and (delivered_at > promised_delivery_at or (delivered_at is null and promised_delivery_at < @late and state in ('created', 'paid', 'dispatched')))
/*@in_time*/ and (delivered_at > promised_delivery_at or (delivered_at is null and promised_delivery_at < @in_time and state in ('created', 'paid', 'dispatched'))) is not true
/*@after_at*/ and (placed_at, order_no) < (@after_at, @after)
order by placed_at desc, order_no desc limit @limit

-- name: store_list_orders_late_first
select order_no, customer, mobile, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen, cancelled_at, cancel_reason, refunded_fen
from (
    select o.*, case when (delivered_at > promised_delivery_at or (delivered_at is null and promised_delivery_at < @now and state in ('created', 'paid', 'dispatched'))) then 0 else 1 end as rank
    from shop_order o
    where true
    /*@number*/ and order_no >= @number and order_no < @number_end
    /*@state*/ and state = @state
    /*@from*/ and placed_at >= @from
    /*@to*/ and placed_at < @to
    /*@late*/ and (delivered_at > promised_delivery_at or (delivered_at is null and promised_delivery_at < @late and state in ('created', 'paid', 'dispatched')))
    /*@in_time*/ and (delivered_at > promised_delivery_at or (delivered_at is null and promised_delivery_at < @in_time and state in ('created', 'paid', 'dispatched'))) is not true
) ranked
where true
/*@after_at*/ and (rank > @after_rank or (rank = @after_rank and (placed_at, order_no) < (@after_at, @after)))
order by rank, placed_at desc, order_no desc limit @limit

-- name: store_complaints_of_order
select id from complaint where order_no = @order_no order by received_at desc, id desc limit 50

-- name: store_list_blacklist
select entry, customer, scope, reason, listed_at, until_at, removed_at, removal_reason, removed_by from blacklist_entry
where true
/*@customer*/ and customer = @customer
/*@scope*/ and scope = @scope
/*@standing*/ and removed_at is null and (until_at is null or until_at > @standing)
/*@ended*/ and (removed_at is not null or until_at <= @ended)
/*@after_at*/ and (listed_at, entry, scope) < (@after_at, @after_entry, @after_scope)
order by listed_at desc, entry desc, scope desc limit @limit

-- name: store_list_budgets
select b.id, b.title, b.total_fen,
    cast(coalesce((select sum(r.open_fen) from budget_reservation r where r.budget_id = b.id), 0) as bigint),
    cast(coalesce((select sum(r.spent_fen) from budget_reservation r where r.budget_id = b.id), 0) as bigint),
    b.opened_by, b.opened_at, b.closed_at
from budget b
where true
/*@open*/ and b.closed_at is null
/*@closed*/ and b.closed_at is not null
/*@after*/ and b.id > @after
order by b.id limit @limit

-- name: store_budget_record
select b.id, b.title, b.total_fen,
    cast(coalesce((select sum(r.open_fen) from budget_reservation r where r.budget_id = b.id), 0) as bigint),
    cast(coalesce((select sum(r.spent_fen) from budget_reservation r where r.budget_id = b.id), 0) as bigint),
    b.opened_by, b.opened_at, b.closed_at
from budget b where b.id = @id

-- name: store_reservations_of_budget
select id, purpose, open_fen, spent_fen, reserved_at, released_at from budget_reservation where budget_id = @budget order by reserved_at desc, id desc limit 500

-- name: store_spendings_of_budget
select s.reservation_id, s.id, s.amount_fen, s.spent_at, s.undone_at
from budget_spending s join budget_reservation r on r.id = s.reservation_id
where r.budget_id = @budget order by s.spent_at, s.id
