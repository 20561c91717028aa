-- The same as for PostgreSQL (see there). SQLite changes a check by building the table anew.
create table disclosure_new (
    id text not null primary key,
    subject text not null check (subject in ('customer', 'complaint', 'order')),
    subject_id text not null,
    act text not null check (act in ('revealed', 'erased')),
    by_user text not null,
    reason text not null,
    at integer not null
) strict;
insert into disclosure_new select id, subject, subject_id, act, by_user, reason, at from disclosure;
drop table disclosure;
alter table disclosure_new rename to disclosure;
create index disclosure_of_subject on disclosure (subject, subject_id, at desc);
create index complaint_of_order on complaint (order_no) where order_no is not null;
create index blacklist_newest on blacklist_entry (listed_at desc, entry desc, scope desc);
create index shop_order_promised on shop_order (promised_delivery_at) where delivered_at is null;
