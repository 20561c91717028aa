-- What belongs to a case beside its state: copies people were sent, forms begun and not sent, files.

create table cc_item (
    id text not null primary key,
    instance_id text not null references instance (id) on delete cascade,
    task_id text,
    user_name text not null,
    sent_by text not null,
    sent_at integer not null,
    -- cc, or mention in a comment.
    reason text not null,
    note text,
    read_at integer
) strict;
create index cc_item_of_person on cc_item (user_name, sent_at desc, id desc);
create index cc_item_of_instance on cc_item (instance_id, user_name);

create table task_draft (
    task_id text not null references user_task (id) on delete cascade,
    user_name text not null,
    form text not null,
    saved_at integer not null,
    primary key (task_id, user_name)
) strict;

create table attachment (
    id text not null primary key,
    instance_id text not null references instance (id) on delete cascade,
    task_id text,
    name text not null,
    content_type text not null,
    size integer not null,
    -- SHA-256 of the content, which names its file; equal files are stored once.
    hash text not null,
    added_by text not null,
    added_at integer not null
) strict;
create index attachment_of_instance on attachment (instance_id, added_at, id);
