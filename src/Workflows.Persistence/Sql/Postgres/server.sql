-- name: read_server_settings
select name, setting from pg_settings where name = any(@names)
