-- Whether a timer is due is decided by business time (the database's clock plus the stored offset); a lease by the
-- database's clock alone, so that moving business time forward does not end every lease. Given @now, both use it.
-- Rows of two indexes: those nobody claimed, and those whose claim ran out because their host died.
-- name: claim_timers
with due as (
    select id from timer
    where claimed_by is null
      and due_at <= (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
    order by due_at
    limit @batch
    for update skip locked
),
expired as (
    select id from timer
    where claimed_by is not null and lease_until <= (select coalesce(@now, database_now()))
    order by lease_until
    limit @batch
    for update skip locked
)
update timer
set claimed_by = @owner, lease_until = (select coalesce(@now, database_now())) + @lease
where id in (select id from (select id from due union all select id from expired) as offered limit @batch)
returning id, instance_id, due_at

-- name: until_next_timer
select (select min(due_at) from timer where claimed_by is null)
           - (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset'))),
       (select min(lease_until) from timer where claimed_by is not null) - (select coalesce(@now, database_now()))

-- name: release_timers
update timer set claimed_by = null, lease_until = null where id = any(@ids) and claimed_by = @owner

-- name: release_all_timers
update timer set claimed_by = null, lease_until = null where claimed_by is not null

-- name: drop_timer
delete from timer where id = @id
