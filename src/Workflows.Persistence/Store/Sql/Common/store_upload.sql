-- name: upload_add
insert into import_upload (id, kind, file_name, uploaded_by, uploaded_at, state, columns, lines, touched_at, content)
values (@id, @kind, @file_name, @by, @at, 0, @columns, @lines, @at, @content)

-- name: upload_find
select id, kind, file_name, uploaded_by, uploaded_at, state, columns, lines, rows, saved, known, rejected, reason, touched_at, tries
from import_upload where id = @id and uploaded_by = @by

-- name: upload_list
select id, kind, file_name, uploaded_by, uploaded_at, state, columns, lines, rows, saved, known, rejected, reason, touched_at, tries
from import_upload where uploaded_by = @by order by uploaded_at desc, id desc limit @limit

-- name: upload_content
select content from import_upload where id = @id

-- name: upload_choose
update import_upload set columns = @columns, state = @state, touched_at = @at, tries = case when @state = 1 then 0 else tries end where id = @id and state = 0

-- What a host reads just now is left to it.
-- name: upload_discard
delete from import_upload where id = @id and uploaded_by = @by and state in (0, 3, 4)

-- Reading a file twice does no harm, so one whose host fell silent is simply read again.
-- name: upload_take
update import_upload set state = 2, touched_at = @at, rows = 0, saved = 0, rejected = 0, tries = tries + 1
where id = (select id from import_upload where state = 1 or (state = 2 and touched_at < @stale) order by touched_at, id limit 1 for update skip locked)
returning id, kind, file_name, uploaded_by, uploaded_at, state, columns, lines, rows, saved, known, rejected, reason, touched_at, tries

-- name: upload_progress
update import_upload set rows = @rows, saved = @saved, rejected = @rejected, touched_at = @at where id = @id and state = 2

-- name: upload_put_back
update import_upload set state = @state, touched_at = @at where id = @id and state = 2

-- name: upload_finish
update import_upload set state = @state, rows = @rows, saved = @saved, known = @known, rejected = @rejected, reason = @reason, rejected_rows = @rejected_rows, content = null, touched_at = @at
where id = @id and state = 2

-- name: upload_rejected
select rejected_rows from import_upload where id = @id

-- name: mapping_find
select headings from import_mapping where kind = @kind

-- name: mapping_save
insert into import_mapping (kind, headings, changed_at) values (@kind, @headings, @at)
on conflict (kind) do update set headings = excluded.headings, changed_at = excluded.changed_at
