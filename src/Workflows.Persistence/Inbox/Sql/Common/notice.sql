-- name: list_notices
select id, user_name, subject, body, task_id, instance_id, at, read_at
from notice
where user_name = @user_name
/*@after_id*/  and (at, id) < (@after_number, @after_id)
order by at desc, id desc
limit @limit

-- name: count_unread_notices
select count(*) from (select 1 from notice where user_name = @user_name and read_at is null limit @cap) x

-- name: read_notices
update notice set read_at = @now where user_name = @user_name and read_at is null

-- name: list_notices_of_instance
select id, user_name, subject, body, task_id, instance_id, at, read_at
from notice
where instance_id = @instance_id
order by at desc, id desc
limit @limit

-- The first opening counts.
-- name: open_notice
update notice set read_at = coalesce(read_at, @now) where id = @id and user_name = @user_name
returning id, user_name, subject, body, task_id, instance_id, at, read_at
