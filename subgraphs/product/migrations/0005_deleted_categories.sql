-- A category that is being deleted. It is gone for readers; its products are deleted in batches, and
-- the row at last.
alter table category add column deleted_at timestamptz;
create index category_deleted on category (category_id) where deleted_at is not null;
