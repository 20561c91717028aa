-- name: store_save_customers
insert into customer (id, name, mobile, email, level, region, registered_at) values (@id, @name, @mobile, @email, @level, @region, @registered_at)
on conflict (id) do update set name = excluded.name, mobile = excluded.mobile, email = excluded.email, level = excluded.level, region = excluded.region,
    registered_at = coalesce(excluded.registered_at, customer.registered_at)
where customer.erased_at is null and (customer.name is not excluded.name or customer.mobile is not excluded.mobile or customer.email is not excluded.email
    or customer.level is not excluded.level or customer.region is not excluded.region
    or customer.registered_at is not coalesce(excluded.registered_at, customer.registered_at))
