-- Last sale and units sold up to an instant count invoices that were not cancelled; returns do not undo a sale.
-- name: store_goods_figures
select p.stock_code, p.name, p.price_e4, p.cost_e4, p.listed_at, sold.last_at, sold.units
from product p
left join (
    select stock_code, max(at) as last_at, cast(sum(case when at > @from then quantity else 0 end) as bigint) as units
    from sales_line where at <= @at and cancelled = 0 and quantity > 0 group by stock_code
) sold on sold.stock_code = p.stock_code
where (p.off_sale_at is null or p.off_sale_at > @at) and (p.listed_at is null or p.listed_at <= @at)
order by p.stock_code

-- The last count, what came in since, less what was sold; here returns count. A product that was never counted is not answered.
-- name: store_stock_at
select c.stock_code, cast(c.quantity
    + coalesce((select sum(r.quantity) from stock_entry r where r.stock_code = c.stock_code and r.kind = 'received' and r.at > c.at and r.at <= @at), 0)
    - coalesce((select sum(s.quantity) from sales_line s where s.stock_code = c.stock_code and s.at > c.at and s.at <= @at), 0) as bigint)
from stock_entry c
where c.kind = 'count'
and c.at = (select max(l.at) from stock_entry l where l.stock_code = c.stock_code and l.kind = 'count' and l.at <= @at)
/*@codes*/ and c.stock_code = any(@codes)

-- name: store_received
select stock_code, cast(sum(quantity) as bigint) from stock_entry where kind = 'received' and at > @from and at <= @at group by stock_code

-- What is under an open complaint is marked by that alone, however it opens, closes and opens again.
-- name: store_marks
select stock_code, mark from (
    select stock_code, mark from product_mark
    union select stock_code, 'complaint' from complaint where stock_code is not null and state in ('received', 'replied', 'reopened', 'dispute')
) known
where true
/*@codes*/ and stock_code = any(@codes)
order by stock_code, mark

-- name: store_mark_product
insert into product_mark (stock_code, mark, marked_by) values (@code, @mark, @by) on conflict do nothing

-- name: store_unmark_products
delete from product_mark where mark = @mark and marked_by = @by

-- name: store_products
select stock_code, name, price_e4, cost_e4, listed_at, off_sale_at, off_sale_reason, blocked, price_before_e4, price_until, priced_by from product
where true
/*@codes*/ and stock_code = any(@codes)
/*@after*/ and stock_code > @after
order by stock_code limit @limit

-- Operations on one product take turns.
-- name: store_lock_product
select stock_code, name, price_e4, cost_e4, listed_at, off_sale_at, off_sale_reason, blocked, price_before_e4, price_until, priced_by from product where stock_code = @code for update

-- name: store_price_for_a_time
update product set price_before_e4 = price_e4, price_e4 = @price, price_until = @until, priced_by = @by where stock_code = @code and priced_by is null

-- name: store_priced_by
select stock_code from product where priced_by = @by order by stock_code

-- name: store_end_price_back
update product set price_e4 = price_before_e4, price_before_e4 = null, price_until = null, priced_by = null where stock_code = @code and priced_by = @by

-- name: store_end_price_stay
update product set price_before_e4 = null, price_until = null, priced_by = null where stock_code = @code and priced_by = @by

-- name: store_take_off_sale
update product set off_sale_at = coalesce(off_sale_at, @at), off_sale_by = coalesce(off_sale_by, @by), off_sale_reason = coalesce(off_sale_reason, @reason), blocked = case when @block = 1 then 1 else blocked end
where stock_code = @code

-- name: store_taken_off_by
select stock_code from product where off_sale_by = @by order by stock_code

-- name: store_put_on_sale
update product set off_sale_at = null, off_sale_by = null, off_sale_reason = null, blocked = 0, listed_at = coalesce(listed_at, @at) where stock_code = @code

-- name: store_add_coupon
insert into product_coupon (id, stock_code, title, percent_off_e4, begins_at, ends_at) values (@id, @code, @title, @percent, @at, @until) on conflict (id) do nothing

-- name: store_end_coupon
update product_coupon set ended_at = @at where id = @id and ended_at is null

-- name: store_coupons_of
select id, stock_code, title, percent_off_e4, begins_at, ends_at, ended_at from product_coupon where stock_code = @code order by begins_at desc, id

-- Visitors of whole days; buyers are customers, and an invoice without one counts as a customer of its own.
-- name: store_trial_visits
select count(*), cast(coalesce(sum(visitors), 0) as bigint) from product_visit where stock_code = @code and day_at >= @from and day_at < @to

-- name: store_trial_sales
select
    count(distinct case when cancelled = 0 and quantity > 0 then coalesce(customer_id, '#' || invoice_no) end),
    count(distinct case when cancelled = 0 and quantity > 0 then invoice_no end),
    cast(coalesce(sum(case when cancelled = 0 and quantity > 0 then quantity end), 0) as bigint),
    cast(coalesce(sum(case when quantity < 0 then -quantity end), 0) as bigint),
    cast(coalesce(sum(quantity * unit_price_e4), 0) as bigint)
from sales_line where stock_code = @code and at >= @from and at < @to

-- Customers who bought one of the products, with a number where the shop knows one; of those alone who bought nothing since, when asked.
-- name: store_buyers
select s.customer_id, max(p.mobile)
from (select distinct customer_id from sales_line where stock_code = any(@codes) and at >= @since and cancelled = 0 and quantity > 0 and customer_id is not null) s
left join promotion_participant p on p.customer_id = s.customer_id
where true
/*@idle_since*/ and not exists (select 1 from sales_line r where r.customer_id = s.customer_id and r.at >= @idle_since and r.at <= @at)
group by s.customer_id order by s.customer_id

-- name: store_add_goods_notice
insert into goods_notice (id, title, body, at) values (@id, @title, @body, @at) on conflict do nothing

-- name: store_add_goods_notice_product
insert into goods_notice_product (notice_id, stock_code) values (@id, @code) on conflict do nothing

-- name: store_count_goods_notices
select c.channel, count(*) from goods_notice_product p join goods_notice_customer c on c.notice_id = p.notice_id where p.stock_code = @code group by c.channel
