-- name: create_migration_table
create table if not exists schema_migration (
    name text primary key,
    checksum text not null,
    applied_at text not null default (datetime('now'))
) strict

-- The transaction began "immediate": nobody else writes until it ends.
-- name: lock_migrations
select 1
