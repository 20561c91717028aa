-- The correlation id is the instance's own, as it is now: it may change after the bookmark was written.
-- name: find_bookmarks
select b.id, b.instance_id, b.name, b.hash, i.correlation_id, b.payload, b.created_at
from bookmark b
join instance i on i.id = b.instance_id
where b.hash = @hash
/*@correlation_id*/  and i.correlation_id = @correlation_id
/*@instance_id*/  and b.instance_id = @instance_id
order by b.created_at, b.id

-- name: find_bookmarks_by_name
select b.id, b.instance_id, b.name, b.hash, i.correlation_id, b.payload, b.created_at
from bookmark b
join instance i on i.id = b.instance_id
where b.name = @name
order by b.created_at, b.id
limit @limit

-- name: find_bookmark
select b.id, b.instance_id, b.name, b.hash, i.correlation_id, b.payload, b.created_at
from bookmark b
join instance i on i.id = b.instance_id
where b.id = @id
