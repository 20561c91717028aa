-- The rows of orders; see store_rows.sql.

-- What a file does not tell stays as it is known; an order cancelled here stays cancelled.
-- An order of an erased customer stays theirs and without a number, whatever the file has in its place: a file may name nobody, or somebody else. A new order of theirs comes without one too.
-- name: store_save_orders
insert into shop_order (order_no, customer, mobile, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen)
select order_no, customer, case when exists (select 1 from customer k where k.id = sent.customer and k.erased_at is not null) then null else sent.mobile end, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen
from unnest(@order_no::text[], @customer::text[], @mobile::text[], @city_tier::text[], @supplier_code::text[], @carrier::text[], @waybill::text[], @placed_at::bigint[], @paid_at::bigint[], @approved_at::bigint[], @promised_dispatch_at::bigint[], @promised_delivery_at::bigint[], @dispatched_at::bigint[], @delivered_at::bigint[], @state::text[], @amount_fen::bigint[])
    as sent (order_no, customer, mobile, city_tier, supplier_code, carrier, waybill, placed_at, paid_at, approved_at, promised_dispatch_at, promised_delivery_at, dispatched_at, delivered_at, state, amount_fen)
on conflict (order_no) do update set placed_at = excluded.placed_at, state = case when shop_order.cancelled_by is null then excluded.state else shop_order.state end,
    customer = case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then coalesce(shop_order.customer, excluded.customer) else coalesce(excluded.customer, shop_order.customer) end, mobile = case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then null else coalesce(excluded.mobile, shop_order.mobile) end, city_tier = coalesce(excluded.city_tier, shop_order.city_tier), supplier_code = coalesce(excluded.supplier_code, shop_order.supplier_code), carrier = coalesce(excluded.carrier, shop_order.carrier), waybill = coalesce(excluded.waybill, shop_order.waybill), paid_at = coalesce(excluded.paid_at, shop_order.paid_at), approved_at = coalesce(excluded.approved_at, shop_order.approved_at), promised_dispatch_at = coalesce(excluded.promised_dispatch_at, shop_order.promised_dispatch_at), promised_delivery_at = coalesce(excluded.promised_delivery_at, shop_order.promised_delivery_at), dispatched_at = coalesce(excluded.dispatched_at, shop_order.dispatched_at), delivered_at = coalesce(excluded.delivered_at, shop_order.delivered_at), amount_fen = coalesce(excluded.amount_fen, shop_order.amount_fen)
where shop_order.placed_at is distinct from excluded.placed_at
    or shop_order.state is distinct from case when shop_order.cancelled_by is null then excluded.state else shop_order.state end
    or shop_order.customer is distinct from case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then coalesce(shop_order.customer, excluded.customer) else coalesce(excluded.customer, shop_order.customer) end
    or shop_order.mobile is distinct from case when exists (select 1 from customer k where k.erased_at is not null and (k.id = shop_order.customer or k.id = excluded.customer)) then null else coalesce(excluded.mobile, shop_order.mobile) end
    or shop_order.city_tier is distinct from coalesce(excluded.city_tier, shop_order.city_tier)
    or shop_order.supplier_code is distinct from coalesce(excluded.supplier_code, shop_order.supplier_code)
    or shop_order.carrier is distinct from coalesce(excluded.carrier, shop_order.carrier)
    or shop_order.waybill is distinct from coalesce(excluded.waybill, shop_order.waybill)
    or shop_order.paid_at is distinct from coalesce(excluded.paid_at, shop_order.paid_at)
    or shop_order.approved_at is distinct from coalesce(excluded.approved_at, shop_order.approved_at)
    or shop_order.promised_dispatch_at is distinct from coalesce(excluded.promised_dispatch_at, shop_order.promised_dispatch_at)
    or shop_order.promised_delivery_at is distinct from coalesce(excluded.promised_delivery_at, shop_order.promised_delivery_at)
    or shop_order.dispatched_at is distinct from coalesce(excluded.dispatched_at, shop_order.dispatched_at)
    or shop_order.delivered_at is distinct from coalesce(excluded.delivered_at, shop_order.delivered_at)
    or shop_order.amount_fen is distinct from coalesce(excluded.amount_fen, shop_order.amount_fen)
