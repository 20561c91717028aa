-- name: store_add_complaint
insert into complaint (id, received_at, customer, mobile, order_no, channel, class, severity, description, stock_code, state)
values (@id, @received_at, @customer, @mobile, @order_no, @channel, @class, @severity, @description, (select stock_code from product where stock_code = @product), 'received')
on conflict (id) do nothing

-- name: store_find_complaint
select id, received_at, customer, mobile, order_no, channel, class, cause, severity, description, state, replied_at, solved_at, reopened, compensation_id, satisfaction
from complaint where id = @id

-- name: store_list_complaints
select id, received_at, customer, mobile, order_no, channel, class, cause, severity, description, state, replied_at, solved_at, reopened, compensation_id, satisfaction
from complaint order by received_at desc, id desc limit @limit

-- The first answer and the first solution keep their times.
-- name: store_note_complaint
update complaint set
    state = @state,
    class = coalesce(@class, class),
    cause = coalesce(@cause, cause),
    satisfaction = coalesce(@satisfaction, satisfaction),
    replied_at = case when @state in ('replied', 'solved') then coalesce(replied_at, @at) else replied_at end,
    solved_at = case when @state = 'solved' then coalesce(solved_at, @at) else solved_at end,
    reopened = reopened + case when @state = 'reopened' then 1 else 0 end
where id = @id

-- name: store_link_compensation
update complaint set compensation_id = @compensation where id = @id

-- name: store_add_notice
insert into customer_notice (id, complaint_id, title, body, at) values (@id, @complaint, @title, @body, @at)
on conflict (id) do nothing

-- name: store_list_notices
select id, complaint_id, title, body, at from customer_notice where complaint_id = @complaint order by at, id

-- Leaves as an effect of the instance that asked for it. Class 0 is notice, state 0 is queued.
-- name: store_queue_notice
insert into effect (key, instance_id, execution, kind, class, state, payload, due_at, created_at, max_attempts)
values (@key, @instance_id, @execution, 'notify.sms', 0, 0, @payload, @at, @at, 8)
on conflict do nothing

-- name: store_add_compensation
insert into compensation (id, order_no, cause, form, amount_e4, customer, complaint_id, given_at)
values (@id, @order_no, @cause, @form, @amount_e4, @customer, @complaint, @at)
on conflict do nothing

-- name: store_compensation_of_cause
select id, order_no, cause, form, amount_e4, customer, complaint_id, given_at, used_at, revoked_at
from compensation where order_no = @order_no and cause = @cause and revoked_at is null

-- name: store_find_compensation
select id, order_no, cause, form, amount_e4, customer, complaint_id, given_at, used_at, revoked_at
from compensation where id = @id

-- name: store_compensations_of_order
select id, order_no, cause, form, amount_e4, customer, complaint_id, given_at, used_at, revoked_at
from compensation where order_no = @order_no order by given_at desc, id desc

-- name: store_revoke_compensation
update compensation set revoked_at = @at where id = @id and used_at is null and revoked_at is null

-- name: store_use_compensation
update compensation set used_at = @at where id = @id and used_at is null and revoked_at is null

-- name: store_measure_complaints
select
    count(*),
    count(case when state = 'invalid' then 1 end),
    count(case when state <> 'invalid' and replied_at <= received_at + @reply_micros then 1 end),
    count(case when state <> 'invalid' and solved_at <= received_at + @solve_micros then 1 end),
    count(case when reopened > 0 then 1 end),
    count(case when state = 'dispute' then 1 end),
    count(distinct case when state <> 'invalid' then customer end)
from complaint where received_at >= @from and received_at < @to

-- name: store_measure_complaint_classes
select coalesce(class, '未分类'), count(*) from complaint
where received_at >= @from and received_at < @to and state <> 'invalid'
group by coalesce(class, '未分类') order by count(*) desc, coalesce(class, '未分类')

-- name: store_measure_compensation
select cast(coalesce(sum(amount_e4), 0) as bigint) from compensation where given_at >= @from and given_at < @to and revoked_at is null
