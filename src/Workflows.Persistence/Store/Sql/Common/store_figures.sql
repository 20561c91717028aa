-- Days are counted from @from, which is the beginning of one in the shop's time zone; China has no summer time, so all are equally long.

-- name: figures_product_days
select (at - @from) / 86400000000, count(distinct coalesce(customer_id, '#' || invoice_no)), cast(sum(quantity) as bigint)
from sales_line where stock_code = @code and at >= @from and at < @to and cancelled = 0 and quantity > 0
group by (at - @from) / 86400000000

-- name: figures_product_visits
select (day_at - @from) / 86400000000, visitors from product_visit where stock_code = @code and day_at >= @from and day_at < @to

-- name: figures_received
select (at - @from) / 86400000000, cast(sum(quantity) as bigint) from stock_entry
where stock_code = @code and kind = 'received' and at >= @from and at < @to
group by (at - @from) / 86400000000

-- name: figures_complaint_weeks
select (received_at - @from) / 604800000000, coalesce(class, '未分类'), count(*) from complaint
where received_at >= @from and received_at < @to and state <> 'invalid'
group by (received_at - @from) / 604800000000, coalesce(class, '未分类')
order by 1, 2

-- State 2 is breached, and stays so; a stopped clock in another state was kept.
-- name: figures_clock_days
select definition_id, (due_at - @from) / 86400000000,
    count(case when state <> 2 and stopped_at is not null then 1 end),
    count(case when state = 2 then 1 end),
    count(case when state <> 2 and stopped_at is null then 1 end)
from clock where due_at >= @from and due_at < @to
group by definition_id, (due_at - @from) / 86400000000
