-- A draft's id comes with the page; somebody else's is not overwritten. The count keeps one person from filling the table.
-- name: save_start_draft
insert into start_draft (id, user_name, definition_id, form, saved_at)
select @id, @user_name, @definition_id, @form, @saved_at
where (select count(*) from start_draft where user_name = @user_name and id <> @id) < @most
on conflict (id) do update set form = excluded.form, saved_at = excluded.saved_at where start_draft.user_name = excluded.user_name

-- name: find_start_draft
select id, user_name, definition_id, form, saved_at from start_draft where id = @id and user_name = @user_name

-- name: list_start_drafts
select id, user_name, definition_id, form, saved_at from start_draft where user_name = @user_name order by saved_at desc, id desc

-- name: list_task_drafts
select d.task_id, d.saved_at
from task_draft d
join user_task t on t.id = d.task_id
where d.user_name = @user_name and t.state in (0, 1)
order by d.saved_at desc, d.task_id
limit 100

-- name: delete_start_draft
delete from start_draft where id = @id and user_name = @user_name

-- name: add_start_draft_file
insert into start_draft_file (id, draft_id, name, content_type, size, hash, added_at)
values (@id, @draft_id, @name, @content_type, @size, @hash, @added_at)
on conflict (draft_id, name, hash) do nothing

-- name: remove_start_draft_file
delete from start_draft_file
where id = @id and draft_id = @draft_id and exists (select 1 from start_draft d where d.id = @draft_id and d.user_name = @user_name)

-- name: list_start_draft_files
select f.id, f.draft_id, f.name, f.content_type, f.size, f.hash, f.added_at
from start_draft_file f
join start_draft d on d.id = f.draft_id
where f.draft_id = @draft_id and d.user_name = @user_name
order by f.added_at, f.id

-- name: attach_start_draft_files
insert into attachment (id, instance_id, task_id, name, content_type, size, hash, added_by, added_at)
select f.id, @instance_id, null, f.name, f.content_type, f.size, f.hash, d.user_name, f.added_at
from start_draft_file f
join start_draft d on d.id = f.draft_id
where f.draft_id = @draft_id and d.user_name = @user_name
on conflict (id) do nothing

-- name: find_personal_setting
select value from personal_setting where user_name = @user_name and name = @name

-- name: save_personal_setting
insert into personal_setting (user_name, name, value) values (@user_name, @name, @value)
on conflict (user_name, name) do update set value = excluded.value
