-- Orders are looked at behind the same gate as customers and complaints; and what pages list is found by an index.
alter table disclosure drop constraint disclosure_subject_check;
alter table disclosure add constraint disclosure_subject_check check (subject in ('customer', 'complaint', 'order'));
create index complaint_of_order on complaint (order_no) where order_no is not null;
create index blacklist_newest on blacklist_entry (listed_at desc, entry desc, scope desc);
create index shop_order_promised on shop_order (promised_delivery_at) where delivered_at is null;
