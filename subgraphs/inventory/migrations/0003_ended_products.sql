-- Products that were deleted from the catalogue. Their stock has ended for good: a product id is
-- never used again.
create table ended_product (
    product_id bigint      primary key,
    ended_at   timestamptz not null
);
