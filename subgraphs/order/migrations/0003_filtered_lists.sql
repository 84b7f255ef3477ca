-- The orders of a user in one status, newest first.
create index orders_by_user_and_status on orders (user_id, status, order_id);
