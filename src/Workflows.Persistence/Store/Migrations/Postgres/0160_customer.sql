-- Customers: what is personal about them stands here, in promotions and their backups, and in complaints; erased_at is set once it is gone.
create table customer (
    id text collate "C" primary key,
    name text,
    mobile text,
    email text,
    level text,
    region text,
    registered_at bigint,
    erased_at bigint,
    constraint customer_erased_is_empty check (erased_at is null or (name is null and mobile is null and email is null and level is null and region is null and registered_at is null))
);
create index customer_by_mobile on customer (mobile);
create index customer_by_name on customer (name);

-- Those whom promotions know already.
insert into customer (id, name, mobile)
select customer_id, max(name), max(mobile) from promotion_participant group by customer_id;

-- Who looked at what is personal, and why. Rows are only ever added.
create table disclosure (
    id text collate "C" primary key,
    subject text not null check (subject in ('customer', 'complaint')),
    subject_id text not null,
    act text not null check (act in ('revealed', 'erased')),
    by_user text not null,
    reason text not null,
    at bigint not null
);
create index disclosure_of_subject on disclosure (subject, subject_id, at desc);
