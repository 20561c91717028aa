-- What people began and did not hand in, and what they set for themselves.

create table start_draft (
    id text collate "C" primary key,
    user_name text collate "C" not null,
    definition_id text collate "C" not null,
    form text not null,
    saved_at bigint not null
);
create index start_draft_of_person on start_draft (user_name, saved_at desc, id desc);

-- Files wait here until there is an instance they can belong to.
create table start_draft_file (
    id text collate "C" primary key,
    draft_id text collate "C" not null references start_draft (id) on delete cascade,
    name text not null,
    content_type text not null,
    size bigint not null,
    hash text collate "C" not null,
    added_at bigint not null,
    constraint start_draft_file_once unique (draft_id, name, hash)
);

create table personal_setting (
    user_name text collate "C" not null,
    name text collate "C" not null,
    value text not null,
    primary key (user_name, name)
);

create index task_draft_of_person on task_draft (user_name, saved_at desc);
