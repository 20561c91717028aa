-- Notices of the shop to all customers. Withdrawn ones stay: what stood where customers read it is part of a case.
create table announcement (
    id text collate "C" primary key,
    subject text not null,
    title text not null,
    body text not null,
    published_at bigint not null,
    withdrawn_at bigint
);
create index announcement_newest on announcement (published_at desc, id desc);
