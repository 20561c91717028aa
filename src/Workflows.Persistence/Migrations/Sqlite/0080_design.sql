-- The same tables as for PostgreSQL (see there for what they are for).
create table edit_lock (
    definition_id text not null primary key,
    user_name text not null,
    taken_at integer not null,
    seen_at integer not null
) strict;

create table definition_author (
    version_id text not null,
    user_name text not null,
    first_at integer not null,
    last_at integer not null,
    primary key (version_id, user_name)
) strict;
