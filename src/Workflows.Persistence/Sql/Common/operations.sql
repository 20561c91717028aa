-- name: add_answer
insert into stimulus (key, fingerprint, instance_id, answer, at) values (@key, @fingerprint, @instance_id, @answer, @at)
on conflict (key) do nothing

-- name: count_effects
select state, count(*) from effect group by state

-- name: count_due_timers
select count(*), (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) - min(due_at)
from timer
where due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
