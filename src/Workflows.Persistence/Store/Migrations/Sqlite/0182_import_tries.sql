-- The same as for PostgreSQL (see there).
alter table import_upload add column tries integer not null default 0;
