//! Statements about categories.

use super::search;
use crate::domain::Category;
use chassis::Db;
use chassis::db::{DbError, Order, Select, Tx};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::CategoryId;

const COLUMNS: &str = "category_id, name, description, created_at";
const BY_ID: Order = Order { columns: &["category_id"], descending: false };

pub(crate) async fn by_ids(db: &Db, ids: &[CategoryId]) -> Result<Vec<Category>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "category").and_in("category_id", &ids).all(db).await
}

pub(crate) async fn page(db: &Db, page: &Page<i64>) -> Result<Vec<Category>, DbError> {
    Select::new(COLUMNS, "category").page(db, BY_ID, page).await
}

pub(crate) async fn count(db: &Db) -> Result<i64, DbError> {
    Select::new(COLUMNS, "category").count(db).await
}

/// Which category has exactly this name, if one has.
pub(crate) async fn named(db: &Db, name: &str) -> Result<Option<Category>, DbError> {
    db.query("select category_id, name, description, created_at from category where name = $1")
        .bind(name)
        .fetch_optional()
        .await
}

/// `None` when the name is taken.
pub(crate) async fn insert(
    tx: &mut Tx,
    name: &str,
    description: &str,
    now: DateTime<Utc>,
) -> Result<Option<Category>, DbError> {
    // `where not exists` keeps a refused name from using up an id; the unique rule decides races.
    let inserted: Option<Category> = tx
        .query(
            "insert into category (name, description, created_at)
         select $1, $2, $3 where not exists (select 1 from category where name = $1)
         on conflict (name) do nothing
         returning category_id, name, description, created_at",
        )
        .bind(name)
        .bind(description)
        .bind(now)
        .fetch_optional()
        .await?;
    if let Some(category) = &inserted {
        search::set_category(tx, category).await?;
    }
    Ok(inserted)
}

/// Changes what is given; `None` when there is no such category.
pub(crate) async fn update(
    tx: &mut Tx,
    id: CategoryId,
    name: Option<String>,
    description: Option<String>,
) -> Result<Option<Category>, DbError> {
    let has_new_name = name.is_some();
    let updated: Option<Category> = tx
        .query(
            "update category
         set name = coalesce($2, name), description = coalesce($3, description)
         where category_id = $1
         returning category_id, name, description, created_at",
        )
        .bind(id)
        .bind(name)
        .bind(description)
        .fetch_optional()
        .await?;
    if let Some(category) = updated.as_ref().filter(|_| has_new_name) {
        search::set_category(tx, category).await?;
    }
    Ok(updated)
}

/// Deletes the category and, through its foreign key, its products; `false` when there is none.
pub(crate) async fn delete(tx: &mut Tx, id: CategoryId) -> Result<bool, DbError> {
    let deleted =
        tx.query("delete from category where category_id = $1").bind(id).execute().await?;
    Ok(deleted == 1)
}
