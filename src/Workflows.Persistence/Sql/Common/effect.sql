-- Clocks as for timers. The fencing token is new with every claim. A claim made under a given @now is marked "given:",
-- because its lease cannot be compared with the database's clock later. With @begin the attempt of a notice is recorded in
-- the same statement: one that was claimed and not sent then counts as sent without an answer, which a notice survives.
-- name: claim_effects
with due as (
    select key from effect
    where state = 0
      and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
    order by due_at
    limit @batch
    for update skip locked
),
expired as (
    select key from effect
    where state in (1, 2) and lease_until <= (select coalesce(@now, database_now()))
    order by lease_until
    limit @batch
    for update skip locked
)
update effect
set state = case when @begin and class = 0 then 2 else 1 end, attempts = attempts + case when @begin and class = 0 then 1 else 0 end,
    claimed_by = @owner, claim_token = @token, answer_lost = (answer_lost or state = 2),
    lease_until = (select coalesce(@now, database_now())) + @lease
where key in (select key from (select key from due union all select key from expired) as offered limit @batch)
returning key, instance_id, execution, kind, class, payload, bookmark_id, due_at, created_at, max_attempts,
          attempts - case when state = 2 then 1 else 0 end, answer_lost, state

-- A host that was asleep must not begin once its lease is over, even if nobody else took the effect yet: somebody might
-- the moment it does.
-- name: begin_attempts
update effect
set state = 2, attempts = attempts + 1
where key = any(@keys) and claim_token = @token and state = 1
  and (claim_token like 'given:%' or lease_until > (select database_now()))
returning key

-- name: reschedule_effect
update effect
set state = 0, last_error = @error, answer_lost = @lost, claimed_by = null, claim_token = null, lease_until = null,
    due_at = (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) + @delay
where key = @key and claim_token = @token and state in (1, 2)

-- name: until_next_effect
select (select min(due_at) from effect where state = 0)
           - (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))),
       (select min(lease_until) from effect where state in (1, 2)) - (select coalesce(@now, database_now()))

-- Leases end at once; an attempt that was under way is offered again with its answer marked lost.
-- name: release_all_effects
update effect set lease_until = 0 where state in (1, 2)

-- The key begins with the instance's id, which begins with the time it was made.
-- name: list_effects
select key, instance_id, kind, class, state, attempts, last_error, payload, created_at, due_at
from effect
where true
/*@instance_id*/  and instance_id = @instance_id
/*@troubled*/  and state in (4, 5) and @troubled
/*@state*/  and state = @state
order by key desc
limit @limit

-- name: find_open_effects
select key from effect where key = any(@keys) and state in (0, 1, 2) order by key

-- name: requeue_effect
update effect
set state = 0, attempts = 0, answer_lost = @lost,
    due_at = (select database_now() + (select number from setting where name = 'business_offset'))
where key = @key and state in (4, 5)
