-- name: list_people
select user_name, display_name, manager, email, mobile, is_active from person order by user_name

-- name: list_person_roles
select user_name, role from person_role order by user_name, role

-- name: save_person
insert into person (user_name, display_name, manager, email, mobile, is_active)
values (@user_name, @display_name, @manager, @email, @mobile, @is_active)
on conflict (user_name) do update set
    display_name = excluded.display_name, manager = excluded.manager, email = excluded.email, mobile = excluded.mobile, is_active = excluded.is_active

-- name: delete_roles
delete from person_role where user_name = any(@user_names)

-- name: add_role
insert into person_role (user_name, role) values (@user_name, @role)

-- name: find_password_hash
select password_hash from person where user_name = @user_name and is_active

-- name: set_password_hash
update person set password_hash = @hash where user_name = @user_name

-- name: add_token
insert into access_token (token_hash, user_name, expires_at) values (@token_hash, @user_name, @expires_at)

-- Bounds the table without asking any clock: the oldest sign-ins of a person go first.
-- name: delete_oldest_tokens
delete from access_token
where user_name = @user_name
  and token_hash not in (select token_hash from access_token where user_name = @user_name order by expires_at desc limit @keep)

-- Asked at every request, so it is one statement. Role keys hold no spaces.
-- name: find_person_by_token
select p.user_name, p.display_name, p.manager, p.email, p.mobile, p.is_active,
       (select string_agg(r.role, ' ') from person_role r where r.user_name = p.user_name)
from access_token t
join person p on p.user_name = t.user_name
where t.token_hash = @token_hash and p.is_active
  and t.expires_at > (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
