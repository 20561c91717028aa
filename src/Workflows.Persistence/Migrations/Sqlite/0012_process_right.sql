-- Who may do what with a process, where somebody decided otherwise than its definition says. Identities are a JSON array of
-- user names, "role:x", "group:x" and "*"; an empty one means nobody.
create table process_right (
    definition_id text not null,
    name text not null,
    identities text not null,
    primary key (definition_id, name)
) strict;

-- Who raised an event: what it starts is theirs, so four eyes can bar them. Null for events of before.
alter table event add column published_by text;
