-- What searches look at: names and descriptions, folded by the program, so that both databases find
-- the same. Grams are the sequences of one and of two characters, as words.
create table product_text (
    product_id         bigint not null primary key references product (product_id) on delete cascade,
    folded_name        text   not null,
    folded_description text   not null,
    grams              text   not null
);

create table category_text (
    category_id bigint not null primary key references category (category_id) on delete cascade,
    folded_name text   not null,
    grams       text   not null
);

-- How far the program has folded the rows of an earlier release; the row is deleted at the end.
create table unfolded (
    unfolded_id   bigint not null primary key check (unfolded_id = 1),
    last_product  bigint not null,
    last_category bigint not null
);
insert into unfolded (unfolded_id, last_product, last_category) values (1, 0, 0);

-- only sqlite
create virtual table product_search using fts5 (
    folded_name, folded_description,
    content = 'product_text', content_rowid = 'product_id', tokenize = 'trigram case_sensitive 1'
);
create virtual table product_gram using fts5 (
    grams, content = 'product_text', content_rowid = 'product_id', tokenize = 'ascii', detail = none
);
create trigger product_text_inserted after insert on product_text begin
    insert into product_search (rowid, folded_name, folded_description)
    values (new.product_id, new.folded_name, new.folded_description);
    insert into product_gram (rowid, grams) values (new.product_id, new.grams);
end;
create trigger product_text_deleted after delete on product_text begin
    insert into product_search (product_search, rowid, folded_name, folded_description)
    values ('delete', old.product_id, old.folded_name, old.folded_description);
    insert into product_gram (product_gram, rowid, grams)
    values ('delete', old.product_id, old.grams);
end;
create trigger product_text_updated after update on product_text begin
    insert into product_search (product_search, rowid, folded_name, folded_description)
    values ('delete', old.product_id, old.folded_name, old.folded_description);
    insert into product_gram (product_gram, rowid, grams)
    values ('delete', old.product_id, old.grams);
    insert into product_search (rowid, folded_name, folded_description)
    values (new.product_id, new.folded_name, new.folded_description);
    insert into product_gram (rowid, grams) values (new.product_id, new.grams);
end;

create virtual table category_search using fts5 (
    folded_name,
    content = 'category_text', content_rowid = 'category_id', tokenize = 'trigram case_sensitive 1'
);
create virtual table category_gram using fts5 (
    grams, content = 'category_text', content_rowid = 'category_id', tokenize = 'ascii', detail = none
);
create trigger category_text_inserted after insert on category_text begin
    insert into category_search (rowid, folded_name)
    values (new.category_id, new.folded_name);
    insert into category_gram (rowid, grams) values (new.category_id, new.grams);
end;
create trigger category_text_deleted after delete on category_text begin
    insert into category_search (category_search, rowid, folded_name)
    values ('delete', old.category_id, old.folded_name);
    insert into category_gram (category_gram, rowid, grams)
    values ('delete', old.category_id, old.grams);
end;
create trigger category_text_updated after update on category_text begin
    insert into category_search (category_search, rowid, folded_name)
    values ('delete', old.category_id, old.folded_name);
    insert into category_gram (category_gram, rowid, grams)
    values ('delete', old.category_id, old.grams);
    insert into category_search (rowid, folded_name)
    values (new.category_id, new.folded_name);
    insert into category_gram (rowid, grams) values (new.category_id, new.grams);
end;

-- only postgres
-- Names are sorted by their bytes, as SQLite sorts them.
alter table product alter column name type text collate "C";

-- The extension may be in another schema already. PostgreSQL 13 and later let every account create it
-- that may create schemas.
do $$
declare
    home text;
begin
    if not exists (select 1 from pg_extension where extname = 'pg_trgm') then
        begin
            create extension pg_trgm;
        exception when others then
            raise exception 'the PostgreSQL extension pg_trgm is missing (%): ask the administrator to install it and to run "create extension pg_trgm" in this database', sqlerrm;
        end;
    end if;
    select nspname into home
    from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
    where extname = 'pg_trgm';
    execute format(
        'create index product_text_by_trigram on product_text
         using gin (folded_name %1$I.gin_trgm_ops, folded_description %1$I.gin_trgm_ops)', home);
    execute format(
        'create index category_text_by_trigram on category_text
         using gin (folded_name %1$I.gin_trgm_ops)', home);
end
$$;
create index product_text_by_gram on product_text using gin (string_to_array(grams, ' '));
create index category_text_by_gram on category_text using gin (string_to_array(grams, ' '));
