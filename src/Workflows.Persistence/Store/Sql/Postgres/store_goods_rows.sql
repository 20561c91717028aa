-- The rows of goods; see store_rows.sql.

-- name: store_save_stock
insert into stock_entry (stock_code, at, kind, quantity)
select * from unnest(@stock_code::text[], @at::bigint[], @kind::text[], @quantity::bigint[])
on conflict (stock_code, kind, at) do update set quantity = excluded.quantity
where stock_entry.quantity is distinct from excluded.quantity

-- name: store_save_product_visits
insert into product_visit (stock_code, day_at, visitors)
select * from unnest(@stock_code::text[], @day_at::bigint[], @visitors::bigint[])
on conflict (stock_code, day_at) do update set visitors = excluded.visitors
where product_visit.visitors is distinct from excluded.visitors

-- name: store_add_goods_notice_customers
insert into goods_notice_customer (notice_id, channel, customer_id, mobile)
select * from unnest(@notice_id::text[], @channel::text[], @customer_id::text[], @mobile::text[])
on conflict do nothing

-- As store_queue_sms.
-- name: store_queue_goods_sms
insert into effect (key, instance_id, execution, kind, class, state, payload, due_at, created_at, max_attempts)
select c.notice_id || '-sms-' || c.customer_id, @instance_id, @execution, 'notify.sms', 0, 0, json_build_object('to', c.mobile, 'body', n.body)::text, n.at, n.at, 8
from goods_notice n join goods_notice_customer c on c.notice_id = n.id
where n.id = @id and c.channel = 'sms'
on conflict do nothing
