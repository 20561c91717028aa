-- The same table as for PostgreSQL (see there for what it is for).
create table announcement (
    id text not null primary key,
    subject text not null,
    title text not null,
    body text not null,
    published_at integer not null,
    withdrawn_at integer
) strict;
create index announcement_newest on announcement (published_at desc, id desc);
