-- name: add_organisation_check
insert into organisation_check (id, at, by_user, definitions, findings)
values (@id, @at, @by_user, @definitions, @findings)
on conflict (id) do nothing

-- name: trim_organisation_checks
delete from organisation_check
where id not in (select id from organisation_check order by at desc, id desc limit 100)

-- name: find_last_organisation_check
select id, at, by_user, definitions, findings from organisation_check order by at desc, id desc limit 1
