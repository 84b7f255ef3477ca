-- Every order in which products are listed, within a category and among those that are active or not.
create index product_by_category_and_name on product (category_id, name, product_id);
create index product_by_category_and_price on product (category_id, price, product_id);
create index product_by_active on product (active, product_id);
create index product_by_active_and_name on product (active, name, product_id);
create index product_by_active_and_price on product (active, price, product_id);
create index product_by_category_and_active on product (category_id, active, product_id);
create index product_by_category_active_and_name on product (category_id, active, name, product_id);
create index product_by_category_active_and_price
    on product (category_id, active, price, product_id);
