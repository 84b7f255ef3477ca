//! Adds many categories and products at once, for `agora sample-data`. The input is not validated.

use crate::{Error, store};
use chassis::Db;
use chrono::{DateTime, Utc};
use commerce::{CategoryId, Money, ProductId};
use std::sync::Arc;

/// A product.
#[derive(Clone, Debug)]
pub struct BulkProduct {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The price.
    pub price: Money,
    /// The category, which must exist.
    pub category: Option<CategoryId>,
    /// Whether the product is for sale.
    pub active: bool,
    /// When the product was created.
    pub created_at: DateTime<Utc>,
}

/// Adds the categories whose names do not exist yet; returns the ids of all in the order of
/// `categories`, which are names and descriptions.
///
/// # Errors
/// When the database fails.
pub async fn add_categories(
    db: &Db,
    categories: Vec<(String, String)>,
    created_at: DateTime<Utc>,
) -> Result<Vec<CategoryId>, Error> {
    let categories: Arc<[(String, String)]> = categories.into();
    db.write(move |tx| {
        let categories = Arc::clone(&categories);
        Box::pin(async move {
            let mut ids = Vec::with_capacity(categories.len());
            for (name, description) in &*categories {
                ids.push(store::bulk::category(tx, name, description, created_at).await?);
            }
            Ok(ids)
        })
    })
    .await
}

/// Adds the products in one transaction; returns their ids in the order of `products`.
///
/// # Errors
/// When the database fails.
pub async fn add_products(db: &Db, products: Vec<BulkProduct>) -> Result<Vec<ProductId>, Error> {
    let products: Arc<[BulkProduct]> = products.into();
    db.write(move |tx| {
        let products = Arc::clone(&products);
        Box::pin(async move { Ok(store::bulk::insert_products(tx, &products).await?) })
    })
    .await
}
