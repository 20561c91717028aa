-- One row; compiled once and run for each.

-- name: store_save_suppliers
insert into supplier (code, name, kind, email, mobile) values (@code, @name, @kind, @email, @mobile)
on conflict (code) do update set name = excluded.name, kind = excluded.kind, email = excluded.email, mobile = excluded.mobile
where supplier.name is not excluded.name or supplier.kind is not excluded.kind or supplier.email is not excluded.email or supplier.mobile is not excluded.mobile

-- name: store_save_products
insert into product (stock_code, name, price_e4, supplier_code, cost_e4, listed_at) values (@stock_code, @name, @price_e4, @supplier_code, @cost_e4, @listed_at)
on conflict (stock_code) do update set name = excluded.name, supplier_code = excluded.supplier_code,
    price_e4 = case when product.priced_by is null then excluded.price_e4 else product.price_e4 end,
    price_before_e4 = case when product.priced_by is null then null else excluded.price_e4 end,
    cost_e4 = coalesce(excluded.cost_e4, product.cost_e4), listed_at = coalesce(excluded.listed_at, product.listed_at)
where product.name is not excluded.name or product.supplier_code is not excluded.supplier_code
    or case when product.priced_by is null then product.price_e4 else product.price_before_e4 end is not excluded.price_e4
    or product.cost_e4 is not coalesce(excluded.cost_e4, product.cost_e4) or product.listed_at is not coalesce(excluded.listed_at, product.listed_at)

-- name: store_save_promotions
insert into promotion (id, name, kind, starts_at, ends_at, settings, rule_cache) values (@id, @name, @kind, @starts_at, @ends_at, @settings, @rule_cache)
on conflict (id) do update set name = excluded.name, kind = excluded.kind, starts_at = excluded.starts_at, ends_at = excluded.ends_at, settings = excluded.settings, rule_cache = excluded.rule_cache
where promotion.page_deleted_at is null and (promotion.name is not excluded.name or promotion.kind is not excluded.kind or promotion.starts_at is not excluded.starts_at or promotion.ends_at is not excluded.ends_at or promotion.settings is not excluded.settings or promotion.rule_cache is not excluded.rule_cache)

-- Of an erased customer only the number comes in.
-- name: store_save_participants
insert into promotion_participant (promotion_id, customer_id, name, mobile, joined_at, flagged)
select @promotion_id, @customer_id, case when e.id is null then @name end, case when e.id is null then @mobile end, @joined_at, @flagged
from (select 1) left join customer e on e.id = @customer_id and e.erased_at is not null where true
on conflict (promotion_id, customer_id) do update set name = excluded.name, mobile = excluded.mobile, joined_at = excluded.joined_at, flagged = excluded.flagged
where promotion_participant.name is not excluded.name or promotion_participant.mobile is not excluded.mobile or promotion_participant.joined_at is not excluded.joined_at or promotion_participant.flagged is not excluded.flagged

-- name: store_save_transactions
insert into promotion_transaction (promotion_id, transaction_id, customer_id, at, amount_e4, discount_e4) values (@promotion_id, @transaction_id, @customer_id, @at, @amount_e4, @discount_e4)
on conflict (promotion_id, transaction_id) do update set customer_id = excluded.customer_id, at = excluded.at, amount_e4 = excluded.amount_e4, discount_e4 = excluded.discount_e4
where promotion_transaction.customer_id is not excluded.customer_id or promotion_transaction.at is not excluded.at or promotion_transaction.amount_e4 is not excluded.amount_e4 or promotion_transaction.discount_e4 is not excluded.discount_e4

-- name: store_save_visits
insert into daily_visit (day_at, visitors) values (@day_at, @visitors)
on conflict (day_at) do update set visitors = excluded.visitors
where daily_visit.visitors is not excluded.visitors

-- name: store_save_sales
insert into sales_line (key, invoice_no, stock_code, description, quantity, at, unit_price_e4, customer_id, country, cancelled) values (@key, @invoice_no, @stock_code, @description, @quantity, @at, @unit_price_e4, @customer_id, @country, @cancelled)
on conflict do nothing

-- name: store_add_backup_rows
insert into backup_row (backup_id, part, row_key, content) values (@backup_id, @part, @row_key, @content)

-- name: store_add_messages
insert into customer_message (batch_id, channel, customer_id, mobile) values (@batch_id, @channel, @customer_id, @mobile)
on conflict do nothing

-- One writer at a time anyway.
-- name: store_lock_key
select length(@key)

-- The messages of a batch that go by SMS leave as effects of the instance that asked for them, without a burst per message.
-- Class 0 is notice, state 0 is queued.
-- name: store_queue_sms
insert into effect (key, instance_id, execution, kind, class, state, payload, due_at, created_at, max_attempts)
select m.batch_id || '-sms-' || m.customer_id, @instance_id, @execution, 'notify.sms', 0, 0, json_object('to', m.mobile, 'body', b.body), b.at, b.at, 8
from message_batch b join customer_message m on m.batch_id = b.id
where b.id = @batch_id and m.channel = 'sms'
on conflict do nothing
