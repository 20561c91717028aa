-- An erased customer is left alone, whatever a file says.
-- name: store_save_customers
insert into customer (id, name, mobile, email, level, region, registered_at)
select * from unnest(@id::text[], @name::text[], @mobile::text[], @email::text[], @level::text[], @region::text[], @registered_at::bigint[])
on conflict (id) do update set name = excluded.name, mobile = excluded.mobile, email = excluded.email, level = excluded.level, region = excluded.region,
    registered_at = coalesce(excluded.registered_at, customer.registered_at)
where customer.erased_at is null and (customer.name is distinct from excluded.name or customer.mobile is distinct from excluded.mobile or customer.email is distinct from excluded.email
    or customer.level is distinct from excluded.level or customer.region is distinct from excluded.region
    or customer.registered_at is distinct from coalesce(excluded.registered_at, customer.registered_at))
