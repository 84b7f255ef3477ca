-- Keys past their time are found by their age, and so are attempts that came to nothing.
create index placement_key_by_age on placement (created_at) where idempotency_key is not null;
create index placement_aborted_by_age on placement (created_at) where status = 'aborted';
