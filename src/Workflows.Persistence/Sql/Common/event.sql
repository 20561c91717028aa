-- The id of an event that has expired lives on as an idempotency key, so that a late repeat is known for one.
-- name: add_event
insert into event (id, name, hash, correlation_id, instance_id, payload, received_at, expires_at, delivered_at, published_by)
select @id, @name, @hash, @correlation_id, @instance_id, @payload, @received_at, @expires_at, @delivered_at, @published_by
where not exists (select 1 from stimulus where key = @remembered)
on conflict (id) do nothing

-- An event waits only from the end of its first delivery on: until then that delivery looks for its receivers.
-- Only those whose first delivery is over: until then nobody knows whether it will reach somebody, and who waits again
-- for the same name in a loop would be given the same event twice.
-- name: find_waiting_events
select id, name, hash, correlation_id, instance_id, payload, received_at, expires_at, delivered_at, published_by
from event
where hash = any(@hashes) and delivered_at is null and dispatched_at is not null
  and expires_at > (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
order by received_at, id

-- name: find_undispatched_events
select id, name, hash, correlation_id, instance_id, payload, received_at, expires_at, delivered_at, published_by
from event
where dispatched_at is null
  and received_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) - @older_than
order by received_at, id
limit @limit

-- name: mark_event_dispatched
update event
set dispatched_at = (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))),
    delivered_at = case when @reached then coalesce(delivered_at, (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))) else delivered_at end
where id = @id

-- Only those somebody might take: a crowd of events nobody waits for must not hide the one that is wanted.
-- name: list_unreached_events
select id, name, hash, correlation_id, instance_id, payload, received_at, expires_at, delivered_at, published_by
from event
where delivered_at is null and dispatched_at is not null
  and exists (select 1 from bookmark b where b.hash = event.hash and (event.instance_id is null or b.instance_id = event.instance_id))
  and expires_at > (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
order by received_at, id
limit @limit

-- Events themselves must not stay: the sweep for late waiters would walk over all of them. Their keys are small, and
-- purged with the other idempotency keys.
-- name: remember_expired_events
insert into stimulus (key, fingerprint, instance_id, answer, at)
select 'event-id:' || id, '', '', null, received_at
from event
where expires_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
  and dispatched_at is not null
on conflict (key) do nothing

-- An event whose first delivery never ended is kept, however old: recovery still owes it that delivery.
-- name: purge_events
delete from event
where expires_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
  and dispatched_at is not null
  and exists (select 1 from stimulus where key = 'event-id:' || event.id)
