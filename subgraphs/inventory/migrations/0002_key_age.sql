-- Keys past their time are found by their age.
create index adjustment_key_by_age on adjustment_key (created_at);
