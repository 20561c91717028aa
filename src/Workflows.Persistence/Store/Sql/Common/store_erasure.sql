-- Everything that knows a customer, and how it forgets; EmbeddedStore.Erasure.cs says in which order.

-- name: store_promotions_of_customer
select promotion_id from (
    select promotion_id from promotion_participant where customer_id = @id
    union select s.promotion_id from backup_set s join backup_row r on r.backup_id = s.id where r.part = 'participants' and r.row_key = @id
) known order by promotion_id

-- name: store_add_traced_customer
insert into customer (id)
select @id where exists (select 1 from promotion_participant where customer_id = @id)
    or exists (select 1 from backup_row where part = 'participants' and row_key = @id)
    or exists (select 1 from complaint where customer = @id)
    or exists (select 1 from customer_message where customer_id = @id)
    or exists (select 1 from goods_notice_customer where customer_id = @id)
    or exists (select 1 from shop_order where customer = @id)
    or exists (select 1 from compensation where customer = @id)
    or exists (select 1 from blacklist_entry where customer = @id)
on conflict (id) do nothing

-- name: store_personal_words
select name from promotion_participant where customer_id = @id and name is not null
union select mobile from promotion_participant where customer_id = @id and mobile is not null
union select mobile from customer_message where customer_id = @id and mobile is not null
union select mobile from goods_notice_customer where customer_id = @id and mobile is not null
union select mobile from shop_order where customer = @id and mobile is not null
union select mobile from complaint where customer = @id and mobile is not null

-- name: store_numbers_of_others
select mobile from customer where id <> @id and mobile = any(@words)

-- name: store_orders_to_erase
select o.order_no, o.customer, o.mobile, (select count(*) from customer k where k.id = o.customer) from shop_order o
where o.customer = @id or replace(replace(o.mobile, ' ', ''), '-', '') = any(@numbers)

-- name: store_complaints_to_erase
select c.id, c.customer, c.mobile, (select count(*) from customer k where k.id = c.customer), c.description, c.cause from complaint c
where c.customer = @id or replace(replace(c.mobile, ' ', ''), '-', '') = any(@numbers) or c.order_no in (select o.order_no from shop_order o where o.customer = @id)

-- name: store_compensations_to_erase
select p.id, p.customer, (select count(*) from customer k where k.id = p.customer) from compensation p
where p.customer <> @id and (p.complaint_id = any(@complaints) or p.order_no = any(@orders))

-- name: store_erase_order
update shop_order set mobile = null, customer = @customer where order_no = @order_no and (mobile is not null or customer is distinct from @customer)

-- name: store_erase_complaint
update complaint set mobile = null, customer = @customer, description = @description, cause = @cause where id = @complaint

-- name: store_erase_compensation
update compensation set customer = @customer where id = @compensation

-- A name that another customer has too is not the erased customer's to find entries by.
-- name: store_blacklist_to_erase
select entry, scope, reason, coalesce(removal_reason, '') from blacklist_entry
where customer = @id or replace(replace(customer, ' ', ''), '-', '') = any(@numbers)
    or (customer = any(@names) and not exists (select 1 from customer k where k.id <> @id and k.name = blacklist_entry.customer))

-- name: store_erase_blacklist
update blacklist_entry set customer = @id, reason = @reason, removal_reason = case when removal_reason is null then null else @removal_reason end
where entry = @entry and scope = @scope

-- name: store_cancellations_to_erase
select order_no, cancel_reason, cancelled_by from shop_order where order_no = any(@orders) and cancel_reason is not null and cancelled_by is not null

-- name: store_replace_cancel_reason
update shop_order set cancel_reason = @reason where order_no = @order_no

-- name: store_texts_to_customer
select id, title, body from customer_notice where complaint_id = any(@complaints)

-- name: store_replace_text_to_customer
update customer_notice set title = @title, body = @body where id = @notice

-- name: store_texts_to_buyer
select id, title, body from order_notice where order_no = any(@orders)

-- name: store_replace_text_to_buyer
update order_notice set title = @title, body = @body where id = @notice

-- The record of operations: a key is "{instance}-{number}".
-- name: store_operations_of_instances
select key, payload, result from store_operation where rtrim(key, '0123456789') = any(@prefixes)

-- name: store_replace_operation
update store_operation set payload = @payload, result = @result where key = @key

-- name: store_uploads_with_rejected_rows
select id, rejected_rows from import_upload where rejected_rows is not null order by id

-- name: store_replace_rejected_rows
update import_upload set rejected_rows = @rows where id = @upload

-- name: store_erase_customer
update customer set name = null, mobile = null, email = null, level = null, region = null, registered_at = null, erased_at = @at where id = @id

-- name: store_erase_participant
update promotion_participant set name = null, mobile = null where customer_id = @id and (name is not null or mobile is not null)

-- name: store_backups_of_customer
select backup_id, content from backup_row where part = 'participants' and row_key = @id order by backup_id

-- name: store_replace_backup_row
update backup_row set content = @content where backup_id = @id and part = @part and row_key = @key

-- name: store_reseal_backup
update backup_set set manifest = @manifest where id = @id

-- name: store_erase_messages
update customer_message set mobile = null where customer_id = @id and mobile is not null

-- name: store_erase_goods_notices
update goods_notice_customer set mobile = null where customer_id = @id and mobile is not null
