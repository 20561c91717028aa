-- What the nightly look (and each one on demand) for steps that nobody would do has found. Findings are JSON.
create table organisation_check (
    id text collate "C" primary key,
    at bigint not null,
    by_user text collate "C",
    definitions integer not null,
    findings text not null
);
create index organisation_check_by_time on organisation_check (at desc, id desc);
