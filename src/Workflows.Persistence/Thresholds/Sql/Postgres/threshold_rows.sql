-- name: store_save_metrics
insert into metric_value (metric, scope, at, value_e4, count)
select * from unnest(@metric::text[], @scope::text[], @at::bigint[], @value::bigint[], @count::bigint[])
on conflict (metric, scope, at) do update set value_e4 = excluded.value_e4, count = excluded.count
where metric_value.value_e4 is distinct from excluded.value_e4 or metric_value.count is distinct from excluded.count
