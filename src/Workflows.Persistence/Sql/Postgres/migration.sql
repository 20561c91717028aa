-- The lock is held to the end of the transaction: hosts that start together come in one by one.
-- name: create_migration_table
select pg_advisory_xact_lock(7083170614);
create table if not exists schema_migration (
    name text collate "C" primary key,
    checksum text not null,
    applied_at timestamptz not null default clock_timestamp()
);

-- name: lock_migrations
select pg_advisory_xact_lock(7083170614);
