-- name: list_process_rights
select definition_id, name, identities from process_right order by definition_id, name

-- name: save_process_right
insert into process_right (definition_id, name, identities) values (@definition_id, @name, @identities)
on conflict (definition_id, name) do update set identities = excluded.identities

-- name: delete_process_right
delete from process_right where definition_id = @definition_id and name = @name

-- Published versions before latest ones, so that the first of a definition is the one that counts.
-- name: list_ruling_versions
select definition_id, version_id from definition where is_published or is_latest order by definition_id, is_published desc

-- name: read_rights_stamps
select (select number from setting where name = 'definition_stamp'), (select number from setting where name = 'organisation_stamp')

-- name: find_person_by_key
select p.user_name, p.display_name, p.manager, p.email, p.mobile, p.is_active, p.department, p.post, p.nickname, p.initials,
       (select string_agg(r.role, ' ') from person_role r where r.user_name = p.user_name),
       (select string_agg(m.group_id, ' ') from person_group_member m where m.user_name = p.user_name),
       k.scopes
from api_key k
join person p on p.user_name = k.user_name
where k.key_hash = @key_hash and p.is_active and k.revoked_at is null and k.expires_at > @now

-- name: touch_api_key
update api_key set last_used_at = @now where key_hash = @key_hash and (last_used_at is null or last_used_at < @now - @every)

-- name: add_api_key
insert into api_key (id, key_hash, name, user_name, scopes, created_by, created_at, expires_at)
values (@id, @key_hash, @name, @user_name, @scopes, @created_by, @created_at, @expires_at)

-- name: list_api_keys
select id, name, user_name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at from api_key order by created_at desc, id

-- name: list_api_keys_of_person
select id, name, user_name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at
from api_key
where user_name = @user_name and revoked_at is null and expires_at > @now
order by created_at desc, id

-- name: revoke_own_api_key
update api_key set revoked_at = @now where id = @id and user_name = @user_name and revoked_at is null

-- name: revoke_api_key
update api_key set revoked_at = @now where id = @id and revoked_at is null
