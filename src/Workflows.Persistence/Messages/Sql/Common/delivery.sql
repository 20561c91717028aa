-- name: add_delivery
insert into delivery (key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at, last_error, fallback_at, parent_key)
values (@key, @cause, @instance_id, @task_id, @event, @severity, @channel, @gateway, @user_name, @address, @subject, @body, @content, @state, @created_at, @due_at, @last_error, @fallback_at, @parent_key)
on conflict (key) do nothing

-- Answers a row while the limit is not reached.
-- name: count_delivery
insert into delivery_count (address, day, count) values (@address, @day, 1)
on conflict (address, day) do update set count = delivery_count.count + 1
where delivery_count.count < @limit
returning count

-- Gone over the limit: failed, and what is to follow it follows at once.
-- name: refuse_delivery
update delivery set state = 5, last_error = @error, fallback_at = case when fallback_at is null then null else created_at end
where key = @key

-- Clocks as for effects. An attempt that was under way when the lease ended is doubtful: its end is written down here, because
-- whoever made it no longer will. When a receipt has told meanwhile what became of it, it is not sent again: such a row is answered in its
-- last state and not claimed.
-- name: claim_deliveries
with due as (
    select key from delivery
    where gateway = @gateway and state = 1
      and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
    order by severity desc, due_at
    limit @batch
    for update skip locked
),
expired as (
    select key from delivery
    where gateway = @gateway and state = 2 and lease_until <= (select coalesce(@now, database_now()))
    order by lease_until
    limit @batch
    for update skip locked
)
update delivery
set doubts = doubts + case when state = 2 then 1 else 0 end,
    attempts = attempts + case when state = 2 and receipt >= 2 then 0 else 1 end,
    state = case when state = 2 and receipt = 2 then 4 when state = 2 and receipt = 3 then 5 else 2 end,
    claimed_by = case when state = 2 and receipt >= 2 then null else @owner end,
    claim_token = case when state = 2 and receipt >= 2 then null else @token end,
    lease_until = case when state = 2 and receipt >= 2 then null else (select coalesce(@now, database_now())) + @lease end
where key in (select key from (select key from expired union all select key from due) as offered limit @batch)
returning key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at,
          attempts, doubts, last_error, gateway_id, sent_at, receipt, receipt_at, fallback_at, parent_key, merged_into

-- name: end_lost_attempts
update delivery_attempt set outcome = 4, error = @error,
    ended_at = (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
where key = any(@keys) and outcome = 0

-- name: begin_delivery_attempts
insert into delivery_attempt (key, number, began_at, node)
select key, attempts, (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))), @node
from delivery where key = any(@keys)

-- A receipt that came before the answer has the last word.
-- name: end_delivery
update delivery
set state = case when receipt = 2 then 4 when receipt = 3 then 5 else @state end,
    doubts = doubts + @doubt,
    last_error = coalesce(@error, last_error),
    gateway_id = coalesce(@gateway_id, gateway_id),
    sent_at = case when @accepted then (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) else sent_at end,
    due_at = case when @state = 1 then (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) + @delay else due_at end,
    fallback_at = case when @fall_back and fallback_at is not null then created_at else fallback_at end,
    claimed_by = null, claim_token = null, lease_until = null
where key = @key and claim_token = @token and state = 2

-- name: end_attempt
update delivery_attempt set outcome = @outcome, error = @error,
    ended_at = (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
where key = @key and number = @number

-- name: find_delivery_of_receipt
select key from delivery
where true
/*@key*/  and key = @key
/*@gateway_id*/  and gateway_id = @gateway_id
  and gateway = @gateway
limit 1

-- name: add_receipt
insert into delivery_receipt (key, state, detail, at)
values (@key, @state, @detail, (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))))
on conflict (key, state, detail) do nothing

-- Delivered stays delivered. While an attempt is under way its end decides, in knowledge of the receipt.
-- name: take_receipt
update delivery
set receipt = @state,
    receipt_at = (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))),
    state = case when state = 2 then 2 when @state = 2 then 4 when @state = 3 then 5 else state end,
    last_error = case when @state = 3 then @detail else last_error end,
    fallback_at = case when @state = 2 then null when @state = 3 and fallback_at is not null then created_at else fallback_at end
where key = @key and receipt <> 2 and (receipt < @state or @state = 2) and state in (1, 2, 3, 5, 6)

-- name: release_held
update delivery set state = 1
where state = 0 and channel <> 'email'
  and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))

-- name: find_digests
select distinct coalesce(user_name, address), address, gateway from delivery
where state = 0 and channel = 'email'
  and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
limit @limit

-- name: take_digest
update delivery set state = 1
where state = 0 and channel = 'email' and address = @address and gateway = @gateway and coalesce(user_name, address) = @user_name
  and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
returning key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at,
          attempts, doubts, last_error, gateway_id, sent_at, receipt, receipt_at, fallback_at, parent_key, merged_into

-- name: merge_into_digest
update delivery set state = 7, merged_into = @digest where key = any(@keys) and state = 1

-- name: find_fallbacks
select key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at,
       attempts, doubts, last_error, gateway_id, sent_at, receipt, receipt_at, fallback_at, parent_key, merged_into
from delivery
where fallback_at is not null
  and fallback_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
order by fallback_at, key
limit @limit

-- name: end_fallback
update delivery set fallback_at = null where key = @key and fallback_at is not null

-- name: until_next_delivery
select (select min(due_at) from delivery where gateway = @gateway and state = 1)
           - (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))),
       (select min(lease_until) from delivery where gateway = @gateway and state = 2) - (select coalesce(@now, database_now()))

-- name: release_all_deliveries
update delivery set lease_until = 0 where state = 2

-- A person's word. The attempts so far stay on record, and their number goes on.
-- name: requeue_delivery
update delivery
set state = 1, receipt = 0, receipt_at = null, fallback_at = null,
    due_at = (select database_now() + (select number from setting where name = 'business_offset'))
where key = @key and state in (5, 6, 8, 9)

-- Everything a webhook was to be told in a time, told again.
-- name: replay_deliveries
update delivery
set state = 1, due_at = (select database_now() + (select number from setting where name = 'business_offset'))
where gateway = @gateway and created_at >= @since and created_at < @until and state in (3, 4, 5, 6, 8)

-- name: find_delivery
select key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at,
       attempts, doubts, last_error, gateway_id, sent_at, receipt, receipt_at, fallback_at, parent_key, merged_into
from delivery where key = @key

-- name: list_deliveries
select key, cause, instance_id, task_id, event, severity, channel, gateway, user_name, address, subject, body, content, state, created_at, due_at,
       attempts, doubts, last_error, gateway_id, sent_at, receipt, receipt_at, fallback_at, parent_key, merged_into
from delivery
where true
/*@state*/  and state = @state
/*@channel*/  and channel = @channel
/*@user_name*/  and user_name = @user_name
/*@instance_id*/  and instance_id = @instance_id
/*@event*/  and event = @event
/*@after_key*/  and (created_at, key) < (@after_number, @after_key)
order by created_at desc, key desc
limit @limit

-- name: list_attempts
select number, began_at, ended_at, outcome, error, node from delivery_attempt where key = @key order by number

-- name: list_receipts
select at, state, detail from delivery_receipt where key = @key order by at, state

-- name: count_deliveries
select state, count(*) from delivery group by state

-- name: find_message_code
select path from message_code where user_name = @user_name and code = @code and expires_at > @now

-- name: forget_old_codes
delete from message_code where expires_at <= @at

-- name: forget_old_dedupes
delete from delivery_dedupe where at <= @at
