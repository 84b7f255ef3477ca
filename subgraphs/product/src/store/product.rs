//! Statements about products.

use super::search;
use crate::domain::Product;
use chassis::Db;
use chassis::db::{Argument, DbError, Key, Order, Select, Tx, placeholders};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::{CategoryId, Money, ProductId};
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

pub(super) const COLUMNS: &str =
    "product_id, name, description, price, category_id, active, created_at, updated_at";

/// Oldest first, as the products of a category are listed.
pub(crate) const OLDEST: Order = Order { columns: &["product_id"], descending: false };

/// A product's place in one of the orders in which products are listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Place {
    Id((i64,)),
    Price((i64, i64)),
    Name((String, i64)),
}

impl Key for Place {
    fn arguments(&self) -> Vec<Argument> {
        match self.clone() {
            Self::Id((id,)) => vec![id.into()],
            Self::Price((price, id)) => vec![price.into(), id.into()],
            Self::Name((name, id)) => vec![name.into(), id.into()],
        }
    }
}

pub(crate) async fn by_ids(db: &Db, ids: &[ProductId]) -> Result<Vec<Product>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "product").and_in("product_id", &ids).all(db).await
}

pub(crate) async fn page_of_categories(
    db: &Db,
    categories: &[i64],
    page: &Page<i64>,
) -> Result<Vec<Product>, DbError> {
    let select = Select::new(COLUMNS, "product");
    select.page_of_each(db, ("category_id", categories), (OLDEST, page)).await
}

pub(crate) async fn count_of_categories(
    db: &Db,
    categories: &[i64],
) -> Result<Vec<(i64, i64)>, DbError> {
    Select::new(COLUMNS, "product").count_of_each(db, ("category_id", categories)).await
}

/// A product that is not stored yet.
#[derive(Clone, Debug)]
pub(crate) struct NewProduct {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: Money,
    pub(crate) category_id: Option<CategoryId>,
    pub(crate) active: bool,
}

/// `None` when there is no such category.
pub(crate) async fn insert(
    tx: &mut Tx,
    new: &NewProduct,
    now: DateTime<Utc>,
) -> Result<Option<Product>, DbError> {
    // The category is checked in the same statement, so that a refusal uses up no id.
    let inserted: Option<Product> = tx.query(
        "insert into product (name, description, price, category_id, active, created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, $6
         where $4 is null
               or exists (select 1 from category where category_id = $4 and deleted_at is null)
         returning product_id, name, description, price, category_id, active, created_at, updated_at",
    )
    .bind(new.name.as_str())
    .bind(new.description.as_str())
    .bind(new.price)
    .bind(new.category_id)
    .bind(new.active)
    .bind(now)
    .fetch_optional()
    .await?;
    if let Some(product) = &inserted {
        search::set_product(tx, product).await?;
    }
    Ok(inserted)
}

/// What to change about a product; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) price: Option<Money>,
    /// `Some(None)` takes the product out of its category.
    pub(crate) category_id: Option<Option<CategoryId>>,
    pub(crate) active: Option<bool>,
}

/// `None` when there is no such product.
pub(crate) async fn update(
    tx: &mut Tx,
    id: ProductId,
    changes: &Changes,
    now: DateTime<Utc>,
) -> Result<Option<Product>, DbError> {
    let updated: Option<Product> = tx.query(
        "update product
         set name = coalesce($2, name), description = coalesce($3, description),
             price = coalesce($4, price), active = coalesce($5, active),
             category_id = case when $6 then $7 else category_id end,
             updated_at = $8
         where product_id = $1
         returning product_id, name, description, price, category_id, active, created_at, updated_at",
    )
    .bind(id)
    .bind(changes.name.as_deref())
    .bind(changes.description.as_deref())
    .bind(changes.price)
    .bind(changes.active)
    .bind(changes.category_id.is_some())
    .bind(changes.category_id.flatten())
    .bind(now)
    .fetch_optional()
    .await?;
    let has_new_texts = changes.name.is_some() || changes.description.is_some();
    if let Some(product) = updated.as_ref().filter(|_| has_new_texts) {
        search::set_product(tx, product).await?;
    }
    Ok(updated)
}

/// `false` when there is no such product.
pub(crate) async fn delete(tx: &mut Tx, id: ProductId) -> Result<bool, DbError> {
    let deleted = tx.query("delete from product where product_id = $1").bind(id).execute().await?;
    Ok(deleted == 1)
}

/// The ids of at most `limit` of the category's products, the oldest first; locked until the
/// transaction ends.
pub(crate) async fn lock_some_of(
    tx: &mut Tx,
    category: CategoryId,
    limit: i64,
) -> Result<Vec<ProductId>, DbError> {
    let sql = format!(
        "select product_id from product where category_id = $1 order by product_id limit $2{}",
        tx.for_update()
    );
    let query = tx.query(AssertSqlSafe(sql)).bind(category).bind(limit);
    let found: Vec<(ProductId,)> = query.fetch_all().await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Deletes these products.
pub(crate) async fn delete_all(tx: &mut Tx, ids: &[ProductId]) -> Result<(), DbError> {
    let sql = format!("delete from product where product_id in ({})", placeholders(1, ids.len()));
    tx.query(AssertSqlSafe(sql)).bind_list(ids).execute().await?;
    Ok(())
}
