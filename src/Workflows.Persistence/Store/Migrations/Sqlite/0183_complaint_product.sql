-- The same as for PostgreSQL (see there).
alter table complaint add column stock_code text;
create index complaint_of_product on complaint (stock_code) where stock_code is not null;
