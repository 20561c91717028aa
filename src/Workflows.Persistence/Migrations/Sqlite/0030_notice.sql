-- The same table as for PostgreSQL (see there for what it is for).
create table notice (
    id text not null primary key,
    user_name text not null,
    subject text not null,
    body text not null,
    task_id text,
    instance_id text,
    at integer not null,
    read_at integer
) strict;
create index notice_of_person on notice (user_name, at desc, id desc);
create index notice_unread on notice (user_name) where read_at is null;
