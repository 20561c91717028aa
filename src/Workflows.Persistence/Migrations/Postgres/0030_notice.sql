-- 站内信: messages to people inside the product. The key is that of the effect that sent it, so a repeat adds nothing.
create table notice (
    id text collate "C" primary key,
    user_name text collate "C" not null,
    subject text not null,
    body text not null,
    task_id text collate "C",
    instance_id text collate "C",
    at bigint not null,
    read_at bigint
);
create index notice_of_person on notice (user_name, at desc, id desc);
create index notice_unread on notice (user_name) where read_at is null;
