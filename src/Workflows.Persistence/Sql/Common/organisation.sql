-- name: list_people
select user_name, display_name, manager, email, mobile, is_active, department, post, nickname, initials from person order by user_name

-- name: list_person_roles
select user_name, role from person_role order by user_name, role

-- name: save_person
insert into person (user_name, display_name, manager, email, mobile, is_active, department, post, nickname, initials)
values (@user_name, @display_name, @manager, @email, @mobile, @is_active, @department, @post, @nickname, @initials)
on conflict (user_name) do update set
    display_name = excluded.display_name, manager = excluded.manager, email = excluded.email, mobile = excluded.mobile, is_active = excluded.is_active,
    department = excluded.department, post = excluded.post, nickname = excluded.nickname, initials = excluded.initials

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

-- Asked at every request, together for those that come at once, so it is one statement. Role keys and group ids hold no spaces.
-- name: find_people_by_token
select p.user_name, p.display_name, p.manager, p.email, p.mobile, p.is_active, p.department, p.post, p.nickname, p.initials,
       (select string_agg(r.role, ' ') from person_role r where r.user_name = p.user_name),
       (select string_agg(m.group_id, ' ') from person_group_member m where m.user_name = p.user_name),
       t.token_hash, t.expires_at
from access_token t
join person p on p.user_name = t.user_name
where t.token_hash = any(@keys) and p.is_active

-- name: end_sessions_of_people
delete from session where user_name = any(@user_names)

-- name: end_tokens_of_people
delete from access_token where user_name = any(@user_names)

-- name: revoke_keys_of_people
update api_key set revoked_at = @at where revoked_at is null and user_name = any(@user_names)

-- name: list_departments
select id, name, parent, head, position from department order by position, id

-- name: save_department
insert into department (id, name, parent, head, position) values (@id, @name, @parent, @head, @position)
on conflict (id) do update set name = excluded.name, parent = excluded.parent, head = excluded.head, position = excluded.position

-- name: delete_departments
delete from department where id = any(@ids)

-- name: list_posts
select id, name, department from post order by id

-- name: save_post
insert into post (id, name, department) values (@id, @name, @department)
on conflict (id) do update set name = excluded.name, department = excluded.department

-- name: delete_posts
delete from post where id = any(@ids)

-- name: list_groups
select id, name from person_group order by id

-- name: list_group_members
select group_id, user_name from person_group_member order by group_id, user_name

-- name: save_group
insert into person_group (id, name) values (@id, @name)
on conflict (id) do update set name = excluded.name

-- name: delete_group_members
delete from person_group_member where group_id = any(@ids)

-- name: add_group_member
insert into person_group_member (group_id, user_name) values (@id, @user_name)

-- name: delete_groups
delete from person_group where id = any(@ids)

-- name: list_contacts
select id, name, company, kind, email, mobile, note, is_active from external_contact order by kind, id

-- name: save_contact
insert into external_contact (id, name, company, kind, email, mobile, note, is_active) values (@id, @name, @company, @kind, @email, @mobile, @note, @is_active)
on conflict (id) do update set
    name = excluded.name, company = excluded.company, kind = excluded.kind, email = excluded.email, mobile = excluded.mobile,
    note = excluded.note, is_active = excluded.is_active

-- name: delete_contacts
delete from external_contact where id = any(@ids)

-- Those that hold or will hold; what is over never comes back.
-- name: list_live_delegations
select id, from_user, to_user, definition_id, starts_at, ends_at, reason, created_by, created_at, ended_at
from delegation
where ended_at is null and ends_at > (select coalesce(@now, database_now() + (select number from setting where name = 'business_offset')))
order by from_user, starts_at, id

-- name: list_delegations_of
select id, from_user, to_user, definition_id, starts_at, ends_at, reason, created_by, created_at, ended_at
from delegation
where from_user = @user_name or to_user = @user_name
order by created_at desc, id desc
limit 200

-- name: add_delegation
insert into delegation (id, from_user, to_user, definition_id, starts_at, ends_at, reason, created_by, created_at)
values (@id, @from_user, @to_user, @definition_id, @starts_at, @ends_at, @reason, @created_by, @created_at)

-- name: end_delegation
update delegation set ended_at = @at where id = @id and ended_at is null

-- name: add_audit
insert into organisation_audit (id, at, by_user, kind, subject, detail) values (@id, @at, @by_user, @kind, @subject, @detail)

-- name: list_audit
select id, at, by_user, kind, subject, detail
from organisation_audit
where true
/*@subject*/  and subject = @subject
/*@before*/  and id < @before
order by id desc
limit @limit
