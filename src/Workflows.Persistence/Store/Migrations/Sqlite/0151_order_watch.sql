-- What is still under way, for the search of orders to watch.
create index shop_order_undispatched on shop_order (order_no) where state = 'paid' and dispatched_at is null;
create index shop_order_undelivered on shop_order (order_no) where state = 'dispatched' and delivered_at is null;
