-- How often reading a file was begun since somebody asked for it; after a few tries it waits for a person.
alter table import_upload add column tries bigint not null default 0;
