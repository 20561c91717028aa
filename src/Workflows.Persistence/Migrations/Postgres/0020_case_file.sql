-- What belongs to a case beside its state: copies people were sent, forms begun and not sent, files.

create table cc_item (
    id text collate "C" primary key,
    instance_id text collate "C" not null references instance (id) on delete cascade,
    task_id text collate "C",
    user_name text collate "C" not null,
    sent_by text collate "C" not null,
    sent_at bigint not null,
    -- cc, or mention in a comment.
    reason text not null,
    note text,
    read_at bigint
);
create index cc_item_of_person on cc_item (user_name, sent_at desc, id desc);
create index cc_item_of_instance on cc_item (instance_id, user_name);

create table task_draft (
    task_id text collate "C" not null references user_task (id) on delete cascade,
    user_name text collate "C" not null,
    form text not null,
    saved_at bigint not null,
    primary key (task_id, user_name)
);

create table attachment (
    id text collate "C" primary key,
    instance_id text collate "C" not null references instance (id) on delete cascade,
    task_id text collate "C",
    name text not null,
    content_type text not null,
    size bigint not null,
    -- SHA-256 of the content, which names its file; equal files are stored once.
    hash text collate "C" not null,
    added_by text collate "C" not null,
    added_at bigint not null
);
create index attachment_of_instance on attachment (instance_id, added_at, id);
