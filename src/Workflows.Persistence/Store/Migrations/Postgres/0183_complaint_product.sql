-- The product a complaint is about: marked as long as the complaint is open (catalogue 2.3, 5.4).
alter table complaint add column stock_code text;
create index complaint_of_product on complaint (stock_code) where stock_code is not null;
