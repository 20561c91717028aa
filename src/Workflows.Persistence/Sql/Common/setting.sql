-- name: read_setting
select number from setting where name = @name

-- Changing the stamp comes first in its transaction: the row's lock lets in one writer at a time.
-- name: move_stamp
update setting set number = number + 1 where name = @name

-- name: read_business_clock
select database_now() + (select number from setting where name = 'business_offset')

-- name: advance_business_clock
update setting set number = number + @by where name = 'business_offset' returning database_now() + number
