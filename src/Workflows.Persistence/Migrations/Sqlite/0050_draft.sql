-- What people began and did not hand in, and what they set for themselves.

create table start_draft (
    id text not null primary key,
    user_name text not null,
    definition_id text not null,
    form text not null,
    saved_at integer not null
) strict;
create index start_draft_of_person on start_draft (user_name, saved_at desc, id desc);

-- Files wait here until there is an instance they can belong to.
create table start_draft_file (
    id text not null primary key,
    draft_id text not null references start_draft (id) on delete cascade,
    name text not null,
    content_type text not null,
    size integer not null,
    hash text not null,
    added_at integer not null,
    constraint start_draft_file_once unique (draft_id, name, hash)
) strict;

create table personal_setting (
    user_name text not null,
    name text not null,
    value text not null,
    primary key (user_name, name)
) strict;

create index task_draft_of_person on task_draft (user_name, saved_at desc);
