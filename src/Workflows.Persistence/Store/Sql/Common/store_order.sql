-- name: store_find_order
select order_no, customer, mobile, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen, cancelled_at, cancel_reason, refunded_fen
from shop_order where order_no = @order_no

-- name: store_order_supplier
select code, name, email, mobile from supplier where code = @code

-- Late is delivered after the promised instant (shop_order_late answers it). What was paid for, or answered to an earlier search, is left out.
-- name: store_claim_late_orders
insert into order_claim (order_no, cause, claimed_by, claimed_at)
select o.order_no, @cause, @by, @at
from shop_order o
where o.delivered_at > o.promised_delivery_at and o.delivered_at >= @since
and not exists (select 1 from order_claim c where c.order_no = o.order_no and c.cause = @cause)
and not exists (select 1 from compensation p where p.order_no = o.order_no and p.cause = @cause and p.revoked_at is null)
order by o.delivered_at, o.order_no limit @limit
on conflict do nothing

-- name: store_claimed_orders
select o.order_no, o.customer, o.mobile, o.city_tier, o.supplier_code, o.carrier, o.waybill, o.placed_at, o.paid_at, o.approved_at, o.promised_dispatch_at, o.promised_delivery_at, o.dispatched_at, o.delivered_at, o.state, o.amount_fen, o.cancelled_at, o.cancel_reason, o.refunded_fen
from order_claim c join shop_order o on o.order_no = c.order_no
where c.claimed_by = @by order by o.delivered_at, o.order_no

-- name: store_release_orders
delete from order_claim where claimed_by = @by
and not exists (select 1 from compensation p where p.order_no = order_claim.order_no and p.cause = order_claim.cause and p.revoked_at is null)

-- name: store_cancel_order
update shop_order set state = 'cancelled', cancelled_at = @at, cancelled_by = @by, cancel_reason = @reason,
    refunded_fen = case when paid_at is null then 0 else coalesce(amount_fen, 0) end
where order_no = @order_no and state in ('created', 'paid', 'unavailable') and dispatched_at is null

-- The state it had: what was not paid was only created.
-- name: store_reinstate_order
update shop_order set state = case when paid_at is null then 'created' else 'paid' end, cancelled_at = null, cancelled_by = null, cancel_reason = null, refunded_fen = null
where order_no = @order_no and cancelled_by = @by

-- name: store_add_order_notice
insert into order_notice (id, order_no, title, body, at) values (@id, @order_no, @title, @body, @at)
on conflict (id) do nothing

-- name: store_order_notices
select id, order_no, title, body, at from order_notice where order_no = @order_no order by at, id

-- name: store_watch_order
insert into order_claim (order_no, cause, claimed_by, claimed_at) values (@order_no, @cause, @by, @at)
on conflict do nothing

-- name: store_undispatched_orders
select o.order_no from shop_order o
where o.state = 'paid' and o.dispatched_at is null and o.paid_at >= @since and o.order_no > @after
and not exists (select 1 from order_claim c where c.order_no = o.order_no and c.cause = @cause)
order by o.order_no limit @limit

-- name: store_undelivered_orders
select o.order_no from shop_order o
where o.state = 'dispatched' and o.delivered_at is null and o.dispatched_at >= @since and o.order_no > @after
and not exists (select 1 from order_claim c where c.order_no = o.order_no and c.cause = @cause)
order by o.order_no limit @limit
