-- name: find_migration
select checksum from schema_migration where name = @name

-- name: record_migration
insert into schema_migration (name, checksum) values (@name, @checksum)
