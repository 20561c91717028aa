-- name: add_answer
insert into stimulus (key, fingerprint, instance_id, answer, at) values (@key, @fingerprint, @instance_id, @answer, @at)
on conflict (key) do nothing

-- name: count_effects
select state, count(*) from effect group by state

-- name: count_due_timers
select count(*), (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) - min(due_at)
from timer
where due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))

-- Keys of schedules stay for ever: a yearly start looks back for them, and a missing one would be made up for again.
-- name: purge_stimuli
delete from stimulus
where key in (
    select key from stimulus
    where at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) - @keep
      and key not like 'schedule:%'
    limit @limit
)

-- Done and withdrawn ones only: what failed or is unknown waits for a person, however long.
-- name: purge_effects
delete from effect
where key in (
    select key from effect
    where state in (3, 6)
      and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) - @keep
    limit @limit
)

-- Files of shop data. What waits to be read, or is being read, stays: somebody was told that it will be.
-- name: purge_uploads
delete from import_upload
where id in (
    select id from import_upload
    where uploaded_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))) - @keep
      and state not in (1, 2)
    limit @limit
)

-- Without the business offset: sign-in is on real time, and advancing the business clock must sign nobody out.
-- name: purge_tokens
delete from access_token
where expires_at <= (select coalesce(@now, database_now()))
