-- The organisation around its people. No foreign keys from people to departments, posts and managers: a person may name one
-- that is created later, and the check of the organisation tells who names one that does not exist.

alter table person add column department text collate "C";
alter table person add column post text collate "C";
alter table person add column nickname text;
alter table person add column initials text;

create table department (
    id text collate "C" primary key,
    name text not null,
    parent text collate "C",
    head text collate "C",
    position integer not null default 0
);

create table post (
    id text collate "C" primary key,
    name text not null,
    department text collate "C"
);

create table person_group (
    id text collate "C" primary key,
    name text not null
);

create table person_group_member (
    group_id text collate "C" not null references person_group (id) on delete cascade,
    user_name text collate "C" not null references person (user_name) on delete cascade,
    primary key (group_id, user_name)
);
create index person_group_member_of_person on person_group_member (user_name);

create table external_contact (
    id text collate "C" primary key,
    name text not null,
    company text,
    kind text collate "C" not null,
    email text,
    mobile text,
    note text,
    is_active boolean not null
);

-- Half-open in business time: it holds from starts_at on and no longer at ends_at.
create table delegation (
    id text collate "C" primary key,
    from_user text collate "C" not null references person (user_name) on delete cascade,
    to_user text collate "C" not null references person (user_name) on delete cascade,
    definition_id text collate "C",
    starts_at bigint not null,
    ends_at bigint not null,
    reason text,
    created_by text collate "C" not null,
    created_at bigint not null,
    ended_at bigint,
    constraint delegation_in_order check (ends_at > starts_at),
    constraint delegation_to_somebody_else check (from_user <> to_user)
);
create index delegation_of_person on delegation (from_user, ends_at);
create index delegation_to_person on delegation (to_user, ends_at);

-- Who changed what about people, duties and rights; append-only.
create table organisation_audit (
    id text collate "C" primary key,
    at bigint not null,
    by_user text collate "C" not null,
    kind text collate "C" not null,
    subject text collate "C" not null,
    detail text
);
create index organisation_audit_of_subject on organisation_audit (subject, id);
