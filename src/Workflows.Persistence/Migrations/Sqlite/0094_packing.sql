-- SQLite stores texts as they are; only PostgreSQL has something to set.
select 1;
