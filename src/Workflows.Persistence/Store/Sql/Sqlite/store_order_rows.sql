-- The rows of orders; see store_rows.sql.

-- What a file does not tell stays as it is known; an order cancelled here stays cancelled.
-- An order of an erased customer stays theirs and without a number, whatever the file has in its place: a file may name nobody, or somebody else. A new order of theirs comes without one too.
-- name: store_save_orders
insert into shop_order (order_no, customer, mobile, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen)
values (@order_no, @customer, case when exists (select 1 from customer k where k.id = @customer and k.erased_at is not null) then null else @mobile end, @city_tier, @supplier_code, @carrier, @waybill, @placed_at, @paid_at, @approved_at, @promised_dispatch_at, @promised_delivery_at, @dispatched_at, @delivered_at, @state, @amount_fen)
on conflict (order_no) do update set placed_at = excluded.placed_at, state = case when shop_order.cancelled_by is null then excluded.state else shop_order.state end,
    customer = case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then coalesce(shop_order.customer, excluded.customer) else coalesce(excluded.customer, shop_order.customer) end, mobile = case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then null else coalesce(excluded.mobile, shop_order.mobile) end, city_tier = coalesce(excluded.city_tier, shop_order.city_tier), supplier_code = coalesce(excluded.supplier_code, shop_order.supplier_code), carrier = coalesce(excluded.carrier, shop_order.carrier), waybill = coalesce(excluded.waybill, shop_order.waybill), paid_at = coalesce(excluded.paid_at, shop_order.paid_at), approved_at = coalesce(excluded.approved_at, shop_order.approved_at), promised_dispatch_at = coalesce(excluded.promised_dispatch_at, shop_order.promised_dispatch_at), promised_delivery_at = coalesce(excluded.promised_delivery_at, shop_order.promised_delivery_at), dispatched_at = coalesce(excluded.dispatched_at, shop_order.dispatched_at), delivered_at = coalesce(excluded.delivered_at, shop_order.delivered_at), amount_fen = coalesce(excluded.amount_fen, shop_order.amount_fen)
where shop_order.placed_at is not excluded.placed_at
    or shop_order.state is not case when shop_order.cancelled_by is null then excluded.state else shop_order.state end
    or shop_order.customer is not case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then coalesce(shop_order.customer, excluded.customer) else coalesce(excluded.customer, shop_order.customer) end
    or shop_order.mobile is not case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then null else coalesce(excluded.mobile, shop_order.mobile) end
    or shop_order.city_tier is not coalesce(excluded.city_tier, shop_order.city_tier)
    or shop_order.supplier_code is not coalesce(excluded.supplier_code, shop_order.supplier_code)
    or shop_order.carrier is not coalesce(excluded.carrier, shop_order.carrier)
    or shop_order.waybill is not coalesce(excluded.waybill, shop_order.waybill)
    or shop_order.paid_at is not coalesce(excluded.paid_at, shop_order.paid_at)
    or shop_order.approved_at is not coalesce(excluded.approved_at, shop_order.approved_at)
    or shop_order.promised_dispatch_at is not coalesce(excluded.promised_dispatch_at, shop_order.promised_dispatch_at)
    or shop_order.promised_delivery_at is not coalesce(excluded.promised_delivery_at, shop_order.promised_delivery_at)
    or shop_order.dispatched_at is not coalesce(excluded.dispatched_at, shop_order.dispatched_at)
    or shop_order.delivered_at is not coalesce(excluded.delivered_at, shop_order.delivered_at)
    or shop_order.amount_fen is not coalesce(excluded.amount_fen, shop_order.amount_fen)
