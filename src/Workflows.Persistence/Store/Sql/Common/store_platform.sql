-- name: store_find_operation
select kind, result from store_operation where key = @key

-- name: store_record_operation
insert into store_operation (key, kind, payload, result, at) values (@key, @kind, @payload, @result, @at)

-- name: store_list_promotions
select id, name, kind, starts_at, ends_at, settings, rule_cache, page_deleted_at from promotion order by starts_at desc, id

-- name: store_find_promotion
select id, name, kind, starts_at, ends_at, settings, rule_cache, page_deleted_at from promotion where id = @id

-- Operations on one promotion take turns.
-- name: store_lock_promotion
select id, name, kind, starts_at, ends_at, settings, rule_cache, page_deleted_at from promotion where id = @id for update

-- name: store_open_promotions
select id from promotion where page_deleted_at is null and id = any(@ids)

-- name: store_count_rows
select
    (select count(*) from promotion_participant where promotion_id = @id),
    (select count(*) from promotion_participant where promotion_id = @id and flagged = 1),
    (select count(*) from promotion_transaction where promotion_id = @id)

-- A promotion whose page is gone is being deleted itself: its rows may go.
-- name: store_count_rows_of_others
select id, participants, transactions from (
    select p.id,
        (select count(*) from promotion_participant r where r.promotion_id = p.id) as participants,
        (select count(*) from promotion_transaction r where r.promotion_id = p.id) as transactions
    from promotion p where p.id <> @id and p.page_deleted_at is null) counted
where participants + transactions > 0
order by id

-- name: store_last_backup
select id from backup_set where promotion_id = @id and verified_at is not null order by created_at desc, id desc limit 1

-- name: store_participants
select customer_id, name, mobile, joined_at, flagged from promotion_participant where promotion_id = @id order by customer_id

-- name: store_transactions
select transaction_id, customer_id, at, amount_e4, discount_e4 from promotion_transaction where promotion_id = @id order by transaction_id

-- name: store_delete_page
update promotion set settings = null, page_deleted_at = @at where id = @id and page_deleted_at is null

-- name: store_restore_page
update promotion set name = @name, kind = @kind, starts_at = @starts_at, ends_at = @ends_at, settings = @settings, page_deleted_at = null where id = @id

-- name: store_set_rule_cache
update promotion set rule_cache = @rule_cache where id = @id

-- name: store_clear_flags
update promotion_participant set flagged = 0 where promotion_id = @id and flagged = 1

-- name: store_clear_participants
delete from promotion_participant where promotion_id = @id

-- name: store_clear_transactions
delete from promotion_transaction where promotion_id = @id

-- name: store_add_backup
insert into backup_set (id, promotion_id, created_at, manifest, verified_at) values (@id, @promotion_id, @created_at, @manifest, null)

-- name: store_find_backup
select id, promotion_id, created_at, verified_at, manifest from backup_set where id = @id

-- name: store_backups_of
select id, promotion_id, created_at, verified_at, manifest from backup_set where promotion_id = @promotion_id order by created_at desc, id desc

-- name: store_backup_rows
select part, row_key, content from backup_row where backup_id = @id order by part, row_key

-- name: store_stamp_backup
update backup_set set verified_at = @at where id = @id

-- name: store_add_batch
insert into message_batch (id, promotion_id, title, body, at) values (@id, @promotion_id, @title, @body, @at) on conflict do nothing

-- name: store_messages_of_batch
select channel, customer_id, mobile from customer_message where batch_id = @id

-- name: store_list_messages
select b.id, b.promotion_id, m.customer_id, m.channel, m.mobile, b.title, b.body, b.at
from message_batch b join customer_message m on m.batch_id = b.id
where b.promotion_id = @promotion_id order by b.at desc, b.id, m.customer_id, m.channel limit @limit

-- name: store_count_messages
select m.channel, count(*) from message_batch b join customer_message m on m.batch_id = b.id
where b.promotion_id = @promotion_id group by m.channel

-- name: store_count_sales
select count(*) from sales_line

-- Returns and cancelled invoices reduce money and pieces; only invoices that are not cancellations count as orders.
-- name: store_measure
select
    count(*),
    cast(coalesce(sum(quantity * unit_price_e4), 0) as bigint),
    cast(coalesce(sum(quantity), 0) as bigint),
    count(distinct case when cancelled = 0 then invoice_no end),
    count(distinct case when cancelled = 0 then customer_id end)
from sales_line where at >= @from and at < @to
/*@codes*/ and stock_code = any(@codes)

-- name: store_measure_visits
select count(*), cast(coalesce(sum(visitors), 0) as bigint) from daily_visit where day_at >= @from and day_at < @to

-- name: store_record_import
insert into store_import (kind, file_name, rows, saved, known, rejected, reasons, started_at, finished_at)
values (@kind, @file_name, @rows, @saved, @known, @rejected, @reasons, @started_at, @finished_at)

-- name: store_add_announcement
insert into announcement (id, subject, title, body, published_at) values (@id, @subject, @title, @body, @at)
on conflict (id) do nothing

-- name: store_withdraw_announcement
update announcement set withdrawn_at = @at where id = @id and withdrawn_at is null

-- name: store_list_announcements
select id, subject, title, body, published_at, withdrawn_at from announcement order by published_at desc, id desc limit @limit
