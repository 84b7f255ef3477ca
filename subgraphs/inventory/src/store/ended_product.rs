//! Statements about products whose stock has ended.

use chassis::db::{DbError, Tx, placeholders, rows};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use sqlx::AssertSqlSafe;

/// Records that the stock of `products` has ended; does nothing for those that are recorded.
pub(crate) async fn insert(
    tx: &mut Tx,
    products: &[ProductId],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    if products.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "insert into ended_product (product_id, ended_at) values {}
         on conflict (product_id) do nothing",
        rows(1, products.len(), 2)
    );
    let query = tx.query(AssertSqlSafe(sql));
    products.iter().fold(query, |query, product| query.bind(*product).bind(now)).execute().await?;
    Ok(())
}

/// Those of `products` whose stock has ended.
pub(crate) async fn among(tx: &mut Tx, products: &[ProductId]) -> Result<Vec<ProductId>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select product_id from ended_product where product_id in ({}) order by product_id",
        placeholders(1, products.len())
    );
    let found: Vec<(ProductId,)> =
        tx.query(AssertSqlSafe(sql)).bind_list(products).fetch_all().await?;
    Ok(found.into_iter().map(|(product,)| product).collect())
}
