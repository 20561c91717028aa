-- name: store_save_metrics
insert into metric_value (metric, scope, at, value_e4, count) values (@metric, @scope, @at, @value, @count)
on conflict (metric, scope, at) do update set value_e4 = excluded.value_e4, count = excluded.count
where metric_value.value_e4 is not excluded.value_e4 or metric_value.count is not excluded.count
