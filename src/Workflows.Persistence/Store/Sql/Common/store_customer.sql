-- By the beginning of the number, or a whole name or mobile number.
-- name: store_customers
select id, name, mobile, email, level, region, registered_at, erased_at from customer
where true
/*@search*/ and ((id >= @search and id < @search_end) or mobile = @search or name = @search)
/*@after*/ and id > @after
order by id limit @limit

-- name: store_find_customer
select id, name, mobile, email, level, region, registered_at, erased_at from customer where id = @id

-- name: store_lock_customer
select id, name, mobile, email, level, region, registered_at, erased_at from customer where id = @id for update

-- name: store_erased_customers
select id from customer where erased_at is not null and id = any(@ids)

-- name: store_customer_traces
select
    (select count(distinct invoice_no) from sales_line where customer_id = @id and cancelled = 0),
    (select cast(coalesce(sum(quantity * unit_price_e4), 0) as bigint) from sales_line where customer_id = @id),
    (select count(*) from promotion_participant where customer_id = @id)

-- name: store_complaints_of_customer
select id from complaint
where customer = @id or mobile = (select mobile from customer where id = @id)
order by received_at desc, id desc limit 50

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
on conflict (id) do nothing

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

-- Only what was given for a complaint or an order of this customer. Before those are emptied: afterwards nothing tells which they were.
-- name: store_erase_compensation
update compensation set customer = case when exists (select 1 from customer k where k.id = compensation.customer) then customer else @id end
where customer <> @id and (
    complaint_id in (select id from complaint where customer = @id or mobile = @mobile)
    or order_no in (select order_no from shop_order where customer = @id or mobile = @mobile))

-- A number that the customer wrote into the text goes too. Another customer's number stays: two may share a telephone.
-- name: store_erase_complaints
update complaint set
    description = replace(description, coalesce(mobile, '<none>'), '***********'),
    customer = case when exists (select 1 from customer k where k.id = complaint.customer) then customer else @id end,
    mobile = null
where customer = @id or mobile = @mobile

-- name: store_erase_messages
update customer_message set mobile = null where customer_id = @id and mobile is not null

-- name: store_erase_goods_notices
update goods_notice_customer set mobile = null where customer_id = @id and mobile is not null

-- name: store_record_disclosure
insert into disclosure (id, subject, subject_id, act, by_user, reason, at) values (@id, @subject, @subject_id, @act, @by, @reason, @at)

-- name: store_list_disclosures
select id, subject, subject_id, act, by_user, reason, at from disclosure where subject = @subject and subject_id = @subject_id order by at desc, id desc limit @limit
