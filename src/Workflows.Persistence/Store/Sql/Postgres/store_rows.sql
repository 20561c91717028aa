-- Many rows in one statement: one array per column.

-- name: store_save_suppliers
insert into supplier (code, name, kind, email, mobile)
select * from unnest(@code::text[], @name::text[], @kind::text[], @email::text[], @mobile::text[])
on conflict (code) do update set name = excluded.name, kind = excluded.kind, email = excluded.email, mobile = excluded.mobile
where supplier.name is distinct from excluded.name or supplier.kind is distinct from excluded.kind or supplier.email is distinct from excluded.email or supplier.mobile is distinct from excluded.mobile

-- name: store_save_products
insert into product (stock_code, name, price_e4, supplier_code, cost_e4, listed_at)
select * from unnest(@stock_code::text[], @name::text[], @price_e4::bigint[], @supplier_code::text[], @cost_e4::bigint[], @listed_at::bigint[])
on conflict (stock_code) do update set name = excluded.name, supplier_code = excluded.supplier_code,
    price_e4 = case when product.priced_by is null then excluded.price_e4 else product.price_e4 end,
    price_before_e4 = case when product.priced_by is null then null else excluded.price_e4 end,
    cost_e4 = coalesce(excluded.cost_e4, product.cost_e4), listed_at = coalesce(excluded.listed_at, product.listed_at)
where product.name is distinct from excluded.name or product.supplier_code is distinct from excluded.supplier_code
    or case when product.priced_by is null then product.price_e4 else product.price_before_e4 end is distinct from excluded.price_e4
    or product.cost_e4 is distinct from coalesce(excluded.cost_e4, product.cost_e4) or product.listed_at is distinct from coalesce(excluded.listed_at, product.listed_at)

-- name: store_save_promotions
insert into promotion (id, name, kind, starts_at, ends_at, settings, rule_cache)
select * from unnest(@id::text[], @name::text[], @kind::text[], @starts_at::bigint[], @ends_at::bigint[], @settings::text[], @rule_cache::text[])
on conflict (id) do update set name = excluded.name, kind = excluded.kind, starts_at = excluded.starts_at, ends_at = excluded.ends_at, settings = excluded.settings, rule_cache = excluded.rule_cache
where promotion.page_deleted_at is null and (promotion.name is distinct from excluded.name or promotion.kind is distinct from excluded.kind or promotion.starts_at is distinct from excluded.starts_at or promotion.ends_at is distinct from excluded.ends_at or promotion.settings is distinct from excluded.settings or promotion.rule_cache is distinct from excluded.rule_cache)

-- Of an erased customer only the number comes in.
-- name: store_save_participants
insert into promotion_participant (promotion_id, customer_id, name, mobile, joined_at, flagged)
select p.promotion_id, p.customer_id, case when e.id is null then p.name end, case when e.id is null then p.mobile end, p.joined_at, p.flagged
from unnest(@promotion_id::text[], @customer_id::text[], @name::text[], @mobile::text[], @joined_at::bigint[], @flagged::integer[]) p (promotion_id, customer_id, name, mobile, joined_at, flagged)
left join customer e on e.id = p.customer_id and e.erased_at is not null
on conflict (promotion_id, customer_id) do update set name = excluded.name, mobile = excluded.mobile, joined_at = excluded.joined_at, flagged = excluded.flagged
where promotion_participant.name is distinct from excluded.name or promotion_participant.mobile is distinct from excluded.mobile or promotion_participant.joined_at is distinct from excluded.joined_at or promotion_participant.flagged is distinct from excluded.flagged

-- name: store_save_transactions
insert into promotion_transaction (promotion_id, transaction_id, customer_id, at, amount_e4, discount_e4)
select * from unnest(@promotion_id::text[], @transaction_id::text[], @customer_id::text[], @at::bigint[], @amount_e4::bigint[], @discount_e4::bigint[])
on conflict (promotion_id, transaction_id) do update set customer_id = excluded.customer_id, at = excluded.at, amount_e4 = excluded.amount_e4, discount_e4 = excluded.discount_e4
where promotion_transaction.customer_id is distinct from excluded.customer_id or promotion_transaction.at is distinct from excluded.at or promotion_transaction.amount_e4 is distinct from excluded.amount_e4 or promotion_transaction.discount_e4 is distinct from excluded.discount_e4

-- name: store_save_visits
insert into daily_visit (day_at, visitors)
select * from unnest(@day_at::bigint[], @visitors::bigint[])
on conflict (day_at) do update set visitors = excluded.visitors
where daily_visit.visitors is distinct from excluded.visitors

-- name: store_save_sales
insert into sales_line (key, invoice_no, stock_code, description, quantity, at, unit_price_e4, customer_id, country, cancelled)
select * from unnest(@key::bytea[], @invoice_no::text[], @stock_code::text[], @description::text[], @quantity::integer[], @at::bigint[], @unit_price_e4::bigint[], @customer_id::text[], @country::text[], @cancelled::integer[])
on conflict do nothing

-- name: store_add_backup_rows
insert into backup_row (backup_id, part, row_key, content)
select * from unnest(@backup_id::text[], @part::text[], @row_key::text[], @content::text[])

-- name: store_add_messages
insert into customer_message (batch_id, channel, customer_id, mobile)
select * from unnest(@batch_id::text[], @channel::text[], @customer_id::text[], @mobile::text[])
on conflict do nothing

-- Two calls with the same key take turns, so that the second finds what the first recorded.
-- name: store_lock_key
select pg_advisory_xact_lock(hashtextextended(@key, 7083))

-- The messages of a batch that go by SMS leave as effects of the instance that asked for them, without a burst per message.
-- Class 0 is notice, state 0 is queued.
-- name: store_queue_sms
insert into effect (key, instance_id, execution, kind, class, state, payload, due_at, created_at, max_attempts)
select m.batch_id || '-sms-' || m.customer_id, @instance_id, @execution, 'notify.sms', 0, 0, json_build_object('to', m.mobile, 'body', b.body)::text, b.at, b.at, 8
from message_batch b join customer_message m on m.batch_id = b.id
where b.id = @batch_id and m.channel = 'sms'
on conflict do nothing
