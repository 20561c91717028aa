-- name: store_verified_backups
select id from backup_set where verified_at is not null order by id

-- A copy made for practice, in the transaction that made it.
-- name: store_remove_copy
delete from promotion where id = @id and id like 'drill:%'
