-- The organisation around its people. No foreign keys from people to departments, posts and managers: a person may name one
-- that is created later, and the check of the organisation tells who names one that does not exist.

alter table person add column department text;
alter table person add column post text;
alter table person add column nickname text;
alter table person add column initials text;

create table department (
    id text not null primary key,
    name text not null,
    parent text,
    head text,
    position integer not null default 0
) strict;

create table post (
    id text not null primary key,
    name text not null,
    department text
) strict;

create table person_group (
    id text not null primary key,
    name text not null
) strict;

create table person_group_member (
    group_id text not null references person_group (id) on delete cascade,
    user_name text not null references person (user_name) on delete cascade,
    primary key (group_id, user_name)
) strict;
create index person_group_member_of_person on person_group_member (user_name);

create table external_contact (
    id text not null primary key,
    name text not null,
    company text,
    kind text not null,
    email text,
    mobile text,
    note text,
    is_active integer not null check (is_active in (0, 1))
) strict;

-- Half-open in business time: it holds from starts_at on and no longer at ends_at.
create table delegation (
    id text not null primary key,
    from_user text not null references person (user_name) on delete cascade,
    to_user text not null references person (user_name) on delete cascade,
    definition_id text,
    starts_at integer not null,
    ends_at integer not null,
    reason text,
    created_by text not null,
    created_at integer not null,
    ended_at integer,
    constraint delegation_in_order check (ends_at > starts_at),
    constraint delegation_to_somebody_else check (from_user <> to_user)
) strict;
create index delegation_of_person on delegation (from_user, ends_at);
create index delegation_to_person on delegation (to_user, ends_at);

-- Who changed what about people, duties and rights; append-only.
create table organisation_audit (
    id text not null primary key,
    at integer not null,
    by_user text not null,
    kind text not null,
    subject text not null,
    detail text
) strict;
create index organisation_audit_of_subject on organisation_audit (subject, id);
