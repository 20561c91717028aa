-- Who edits a definition: one person at a time, so that nobody overwrites another. It lapses some minutes after its page fell silent.
create table edit_lock (
    definition_id text collate "C" primary key,
    user_name text collate "C" not null,
    taken_at bigint not null,
    seen_at bigint not null
);

-- Who changed a version: whoever did may not approve it.
create table definition_author (
    version_id text collate "C" not null,
    user_name text collate "C" not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (version_id, user_name)
);
