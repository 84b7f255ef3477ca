//! Statements that write many products.

use super::category;
use crate::bulk::BulkProduct;
use crate::domain::{fold, grams};
use chassis::db::{BULK_ROWS, DbError, Tx, rows};
use chrono::{DateTime, Utc};
use commerce::{CategoryId, ProductId};
use sqlx::AssertSqlSafe;

/// The category with this name, created if need be.
pub(crate) async fn category(
    tx: &mut Tx,
    name: &str,
    description: &str,
    created_at: DateTime<Utc>,
) -> Result<CategoryId, DbError> {
    if let Some(category) = category::insert(tx, name, description, created_at).await? {
        return Ok(category.id);
    }
    let sql = "select category_id from category where name = $1";
    let (id,) = tx.query(sql).bind(name).fetch_one().await?;
    Ok(id)
}

/// Returns the ids in the order of `products`.
pub(crate) async fn insert_products(
    tx: &mut Tx,
    products: &[BulkProduct],
) -> Result<Vec<ProductId>, DbError> {
    let mut ids: Vec<(ProductId,)> = Vec::with_capacity(products.len());
    for products in products.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into product
                 (name, description, price, category_id, active, created_at, updated_at)
             values {} returning product_id",
            rows(1, products.len(), 7)
        );
        let query = products.iter().fold(tx.query(AssertSqlSafe(sql)), |query, product| {
            query
                .bind(product.name.as_str())
                .bind(product.description.as_str())
                .bind(product.price)
                .bind(product.category)
                .bind(product.active)
                .bind(product.created_at)
                .bind(product.created_at)
        });
        ids.extend(query.fetch_all::<(ProductId,)>().await?);
    }
    // The ids ascend with the rows, but the rows may be returned in any order.
    ids.sort_unstable();
    let ids: Vec<ProductId> = ids.into_iter().map(|(id,)| id).collect();
    let texts = ids.iter().zip(products);
    let texts: Vec<_> = texts
        .map(|(id, product)| (*id, product.name.as_str(), product.description.as_str()))
        .collect();
    insert_texts(tx, &texts).await?;
    Ok(ids)
}

/// Folds the names and descriptions of new products.
async fn insert_texts(tx: &mut Tx, products: &[(ProductId, &str, &str)]) -> Result<(), DbError> {
    for products in products.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into product_text (product_id, folded_name, folded_description, grams)
             values {}",
            rows(1, products.len(), 4)
        );
        let query =
            products.iter().fold(tx.query(AssertSqlSafe(sql)), |query, (id, name, description)| {
                let (name, description) = (fold(name), fold(description));
                let grams = grams([&name, &description]);
                query.bind(*id).bind(name).bind(description).bind(grams)
            });
        query.execute().await?;
    }
    Ok(())
}
