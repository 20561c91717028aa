-- name: find_definition_version
select version_id, definition_id, version, name, description, is_latest, is_published, document, created_at, updated_at, created_by
from definition where version_id = @version_id

-- name: find_definition_by_number
select version_id, definition_id, version, name, description, is_latest, is_published, document, created_at, updated_at, created_by
from definition where definition_id = @definition_id and version = @version

-- A draft is the latest version while it is not published; older unpublished versions are history.
-- name: list_definitions
select version_id, definition_id, version, name, description, is_latest, is_published, document, created_at, updated_at, created_by
from definition
where true
/*@definition_id*/  and definition_id = @definition_id
/*@latest*/  and is_latest and @latest
/*@published*/  and is_published and @published
/*@draft*/  and is_latest and not is_published and @draft
/*@latest_or_published*/  and (is_latest or is_published) and @latest_or_published
order by definition_id, version desc

-- name: find_latest_stamp
select version_id, updated_at from definition where definition_id = @definition_id and is_latest

-- name: clear_definition_flags
update definition set is_latest = false, is_published = false where version_id = any(@version_ids)

-- name: save_definition
insert into definition (version_id, definition_id, version, name, description, is_latest, is_published, document, created_at, updated_at, created_by)
values (@version_id, @definition_id, @version, @name, @description, @is_latest, @is_published, @document, @created_at, @updated_at, @created_by)
on conflict (version_id) do update set
    version = excluded.version, name = excluded.name, description = excluded.description, is_latest = excluded.is_latest,
    is_published = excluded.is_published, document = excluded.document, updated_at = excluded.updated_at

-- name: delete_triggers
delete from definition_trigger where definition_id = @definition_id

-- name: add_trigger
insert into definition_trigger (id, definition_id, version_id, name, activity_id, hash, payload)
values (@id, @definition_id, @version_id, @name, @activity_id, @hash, @payload)

-- name: delete_definition_version
delete from definition where version_id = @version_id returning definition_id, is_latest

-- Triggers go with their versions. The condition is looked at again here, because an instance may have started since it was asked for.
-- name: delete_definition
delete from definition
where definition_id = @definition_id
  and not exists (select 1 from instance where instance.definition_id = @definition_id and instance.status = 0)

-- name: make_newest_latest
update definition set is_latest = true
where definition_id = @definition_id
  and version = (select max(version) from definition where definition_id = @definition_id)

-- name: find_triggers
select id, definition_id, version_id, name, activity_id, hash, payload from definition_trigger where hash = @hash order by id

-- name: list_triggers
select id, definition_id, version_id, name, activity_id, hash, payload from definition_trigger where name = any(@names) order by id
