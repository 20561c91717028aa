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
    or ((order_no in (select order_no from shop_order where customer = @id) or mobile in (select mobile from shop_order where customer = @id))
        and not exists (select 1 from customer k where k.id = complaint.customer and k.id <> @id))
order by received_at desc, id desc limit 50

-- name: store_record_disclosure
insert into disclosure (id, subject, subject_id, act, by_user, reason, at) values (@id, @subject, @subject_id, @act, @by, @reason, @at)

-- name: store_list_disclosures
select id, subject, subject_id, act, by_user, reason, at from disclosure where subject = @subject and subject_id = @subject_id order by at desc, id desc limit @limit
