-- The same tables as for PostgreSQL (see there for what each is for).
create table import_upload (
    id text not null primary key,
    kind text not null,
    file_name text not null,
    uploaded_by text not null,
    uploaded_at integer not null,
    state integer not null check (state between 0 and 4),
    columns text not null,
    lines integer not null,
    rows integer not null default 0,
    saved integer not null default 0,
    known integer not null default 0,
    rejected integer not null default 0,
    reason text,
    touched_at integer not null,
    content blob,
    rejected_rows text
) strict;
create index import_upload_of_person on import_upload (uploaded_by, uploaded_at desc);

-- The headings that somebody chose for the columns of a kind.
create table import_mapping (
    kind text not null primary key,
    headings text not null,
    changed_at integer not null
) strict;
