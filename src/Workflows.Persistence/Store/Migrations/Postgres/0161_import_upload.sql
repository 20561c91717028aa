-- Files of shop data between upload and import. content goes once the file was read; rejected_rows is what was not taken, as a file.
-- state: 0 open, 1 queued, 2 running, 3 done, 4 refused.
create table import_upload (
    id text collate "C" primary key,
    kind text not null,
    file_name text not null,
    uploaded_by text not null,
    uploaded_at bigint not null,
    state bigint not null check (state between 0 and 4),
    columns text not null,
    lines bigint not null,
    rows bigint not null default 0,
    saved bigint not null default 0,
    known bigint not null default 0,
    rejected bigint not null default 0,
    reason text,
    touched_at bigint not null,
    content bytea,
    rejected_rows text
);
create index import_upload_of_person on import_upload (uploaded_by, uploaded_at desc);

-- The headings that somebody chose for the columns of a kind.
create table import_mapping (
    kind text primary key,
    headings text not null,
    changed_at bigint not null
);
