//! Statements about the texts that searches look at: names and descriptions, folded by
//! [`crate::domain::fold`], beside the rows that they belong to.

use crate::domain::{Category, Product, Term, fold, grams};
use chassis::Db;
use chassis::db::{DbError, Dialect, Select, Tx, like};
use commerce::{CategoryId, ProductId};

/// Rows that are folded in one transaction.
const BATCH: i64 = 500;

/// A term that at most this number of products have is rare.
const RARE: i64 = 500;

/// Products and what is searched of each, row by row.
pub(crate) const PRODUCTS: &str = "product join product_text using (product_id)";
const PRODUCT_MATCHES: &str =
    "folded_name like ? escape '\\' or folded_description like ? escape '\\'";
const NAME_MATCHES: &str = "folded_name like ? escape '\\'";
/// PostgreSQL has an index of these elements.
const GRAM_MATCHES: &str = "string_to_array(grams, ' ') @> array[?]";

/// Which rows of [`PRODUCTS`] a search finds, decided row by row.
pub(crate) fn filter(select: Select, term: &Term) -> Select {
    select.and(PRODUCT_MATCHES, like(term.text()))
}

/// The products that a search finds, read from the index of texts.
pub(crate) fn products(dialect: Dialect, columns: &'static str, term: &Term) -> Select {
    // `cross join` makes SQLite begin with the index.
    let (table, condition, argument) = match (dialect, term) {
        (Dialect::Sqlite, Term::Long(text)) => (
            "product_search cross join product on product.product_id = product_search.rowid",
            "product_search match ?",
            phrase(text),
        ),
        (Dialect::Sqlite, Term::Short(_)) => (
            "product_gram cross join product on product.product_id = product_gram.rowid",
            "product_gram match ?",
            term.gram(),
        ),
        (Dialect::Postgres, Term::Long(text)) => (PRODUCTS, PRODUCT_MATCHES, like(text)),
        (Dialect::Postgres, Term::Short(_)) => (PRODUCTS, GRAM_MATCHES, term.gram()),
    };
    Select::new(columns, table).and(condition, argument)
}

/// Whether few products have the term in their texts, so that reading all of them costs little. Only
/// SQLite's index can be asked for the first of many rows; PostgreSQL's would collect all of them.
pub(crate) async fn is_rare(db: &Db, term: &Term) -> Result<bool, DbError> {
    if db.dialect() == Dialect::Postgres {
        return Ok(false);
    }
    let select = products(db.dialect(), "product.product_id", term);
    let found: Vec<(i64,)> = select.first(db, RARE + 1).await?;
    Ok(i64::try_from(found.len()).is_ok_and(|count| count <= RARE))
}

/// At most `limit` categories with the term in their names.
pub(crate) async fn categories(db: &Db, term: &Term, limit: i64) -> Result<Vec<i64>, DbError> {
    let (column, table, condition, argument) = match (db.dialect(), term) {
        (Dialect::Sqlite, Term::Long(text)) => {
            ("rowid", "category_search", "category_search match ?", phrase(text))
        }
        (Dialect::Sqlite, Term::Short(_)) => {
            ("rowid", "category_gram", "category_gram match ?", term.gram())
        }
        (Dialect::Postgres, Term::Long(text)) => {
            ("category_id", "category_text", NAME_MATCHES, like(text))
        }
        (Dialect::Postgres, Term::Short(_)) => {
            ("category_id", "category_text", GRAM_MATCHES, term.gram())
        }
    };
    let select = Select::new(column, table).and(condition, argument);
    let found: Vec<(i64,)> = select.first(db, limit).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Narrows products to those in a category with the term in its name.
pub(crate) fn in_categories(select: Select, term: &Term) -> Select {
    let condition = "category_id in (select category_id from category_text
                                     where category_text.folded_name like ? escape '\\')";
    select.and(condition, like(term.text()))
}

/// The text as a phrase of SQLite's index.
fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Folds the product's texts anew.
pub(crate) async fn set_product(tx: &mut Tx, product: &Product) -> Result<(), DbError> {
    set_texts(tx, product.id, &product.name, &product.description).await
}

async fn set_texts(
    tx: &mut Tx,
    id: ProductId,
    name: &str,
    description: &str,
) -> Result<(), DbError> {
    let (name, description) = (fold(name), fold(description));
    tx.query(
        "insert into product_text (product_id, folded_name, folded_description, grams)
         values ($1, $2, $3, $4)
         on conflict (product_id) do update
         set folded_name = excluded.folded_name,
             folded_description = excluded.folded_description, grams = excluded.grams",
    )
    .bind(id)
    .bind(name.as_str())
    .bind(description.as_str())
    .bind(grams([&name, &description]))
    .execute()
    .await?;
    Ok(())
}

/// Folds the category's name anew.
pub(crate) async fn set_category(tx: &mut Tx, category: &Category) -> Result<(), DbError> {
    set_name(tx, category.id, &category.name).await
}

async fn set_name(tx: &mut Tx, id: CategoryId, name: &str) -> Result<(), DbError> {
    let name = fold(name);
    tx.query(
        "insert into category_text (category_id, folded_name, grams) values ($1, $2, $3)
         on conflict (category_id) do update
         set folded_name = excluded.folded_name, grams = excluded.grams",
    )
    .bind(id)
    .bind(name.as_str())
    .bind(grams([&name, ""]))
    .execute()
    .await?;
    Ok(())
}

/// Folds the texts of products and categories that an earlier release wrote, the next of them;
/// returns false when all are folded. It goes on where an earlier call, or process, ended.
pub(crate) async fn fold_next(tx: &mut Tx) -> Result<bool, DbError> {
    let sql = format!(
        "select last_product, last_category from unfolded where unfolded_id = 1{}",
        tx.for_update()
    );
    let rest = tx.query(sqlx::AssertSqlSafe(sql)).fetch_optional().await?;
    let Some((last_product, last_category)): Option<(i64, i64)> = rest else { return Ok(false) };
    let products: Vec<(ProductId, String, String)> = tx
        .query(
            "select product_id, name, description from product
             where product_id > $1 order by product_id limit $2",
        )
        .bind(last_product)
        .bind(BATCH)
        .fetch_all()
        .await?;
    for (id, name, description) in &products {
        set_texts(tx, *id, name, description).await?;
    }
    let categories: Vec<(CategoryId, String)> = tx
        .query(
            "select category_id, name from category
             where category_id > $1 order by category_id limit $2",
        )
        .bind(last_category)
        .bind(BATCH)
        .fetch_all()
        .await?;
    for (id, name) in &categories {
        set_name(tx, *id, name).await?;
    }
    if products.is_empty() && categories.is_empty() {
        tx.query("delete from unfolded where unfolded_id = 1").execute().await?;
        return Ok(false);
    }
    tx.query("update unfolded set last_product = $1, last_category = $2 where unfolded_id = 1")
        .bind(products.last().map_or(last_product, |(id, ..)| i64::from(*id)))
        .bind(categories.last().map_or(last_category, |(id, _)| i64::from(*id)))
        .execute()
        .await?;
    Ok(true)
}
