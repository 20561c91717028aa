-- Sent once, however often the effect is tried.
-- name: add_cc_item
insert into cc_item (id, instance_id, task_id, user_name, sent_by, sent_at, reason, note)
values (@id, @instance_id, @task_id, @user_name, @sent_by, @sent_at, @reason, @note)
on conflict (id) do nothing

-- name: list_cc_items
select c.id, c.instance_id, c.task_id, c.user_name, c.sent_by, c.sent_at, c.reason, c.note, c.read_at, i.name, i.definition_id
from cc_item c
join instance i on i.id = c.instance_id
where c.user_name = @user_name
/*@after_id*/  and (c.sent_at, c.id) < (@after_number, @after_id)
order by c.sent_at desc, c.id desc
limit @limit

-- name: list_cc_items_of_instance
select c.id, c.instance_id, c.task_id, c.user_name, c.sent_by, c.sent_at, c.reason, c.note, c.read_at, i.name, i.definition_id
from cc_item c
join instance i on i.id = c.instance_id
where c.instance_id = @instance_id
order by c.sent_at, c.id

-- The first time counts.
-- name: read_cc_item
update cc_item set read_at = coalesce(read_at, @at) where id = @id and user_name = @user_name

-- name: has_cc_item
select 1 from cc_item where instance_id = @instance_id and user_name = @user_name limit 1

-- name: count_unread_cc_items
select count(*) from cc_item where user_name = @user_name and read_at is null

-- name: save_task_draft
insert into task_draft (task_id, user_name, form, saved_at) values (@task_id, @user_name, @form, @saved_at)
on conflict (task_id, user_name) do update set form = excluded.form, saved_at = excluded.saved_at

-- name: find_task_draft
select form, saved_at from task_draft where task_id = @task_id and user_name = @user_name

-- name: delete_task_draft
delete from task_draft where task_id = @task_id and user_name = @user_name

-- name: add_attachment
insert into attachment (id, instance_id, task_id, name, content_type, size, hash, added_by, added_at)
values (@id, @instance_id, @task_id, @name, @content_type, @size, @hash, @added_by, @added_at)

-- What somebody decided with in view belongs to the decision and stays.
-- name: remove_attachment
delete from attachment
where id = @id and added_by = @user_name
  and not exists (select 1 from user_task t where t.instance_id = attachment.instance_id and t.decided_by is not null and t.closed_at >= attachment.added_at)

-- name: find_attachment
select id, instance_id, task_id, name, content_type, size, hash, added_by, added_at from attachment where id = @id

-- name: list_attachments
select id, instance_id, task_id, name, content_type, size, hash, added_by, added_at
from attachment
where instance_id = @instance_id
order by added_at, id
