//! Statements about categories.

use super::search;
use crate::domain::Category;
use chassis::Db;
use chassis::db::{DbError, Order, Select, Tx};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::CategoryId;
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "category_id, name, description, created_at";
const BY_ID: Order = Order { columns: &["category_id"], descending: false };

/// The categories that are not being deleted.
fn all() -> Select {
    Select::new(COLUMNS, "category").only("deleted_at is null")
}

pub(crate) async fn by_ids(db: &Db, ids: &[CategoryId]) -> Result<Vec<Category>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    all().and_in("category_id", &ids).all(db).await
}

pub(crate) async fn page(db: &Db, page: &Page<i64>) -> Result<Vec<Category>, DbError> {
    all().page(db, BY_ID, page).await
}

pub(crate) async fn count(db: &Db) -> Result<i64, DbError> {
    all().count(db).await
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
         where category_id = $1 and deleted_at is null
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

/// Whether there is such a category.
pub(crate) async fn exists(tx: &mut Tx, id: CategoryId) -> Result<bool, DbError> {
    let sql = "select category_id from category where category_id = $1 and deleted_at is null";
    let found: Option<(CategoryId,)> = tx.query(sql).bind(id).fetch_optional().await?;
    Ok(found.is_some())
}

/// Makes the category disappear for readers, and its name available; `false` when there is none. Its
/// row stays until its products are deleted.
pub(crate) async fn begin_delete(
    tx: &mut Tx,
    id: CategoryId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    // No name that a client gives begins with a space.
    let sql = "update category set deleted_at = $2, name = ' ' || category_id
               where category_id = $1 and deleted_at is null";
    if tx.query(sql).bind(id).bind(now).execute().await? == 0 {
        return Ok(false);
    }
    tx.query("delete from category_text where category_id = $1").bind(id).execute().await?;
    Ok(true)
}

/// A category that is being deleted, if there is one.
pub(crate) async fn being_deleted(db: &Db) -> Result<Option<CategoryId>, DbError> {
    let sql = "select category_id from category
               where deleted_at is not null order by category_id limit 1";
    let found: Option<(CategoryId,)> = db.query(sql).fetch_optional().await?;
    Ok(found.map(|(id,)| id))
}

/// Locks a category that is being deleted: until the transaction ends nobody adds a product to it.
/// `false` when there is none.
pub(crate) async fn lock_being_deleted(tx: &mut Tx, id: CategoryId) -> Result<bool, DbError> {
    let sql = format!(
        "select category_id from category where category_id = $1 and deleted_at is not null{}",
        tx.for_update()
    );
    let found: Option<(CategoryId,)> =
        tx.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await?;
    Ok(found.is_some())
}

/// Deletes the row of a category that has no products left.
pub(crate) async fn end_delete(tx: &mut Tx, id: CategoryId) -> Result<(), DbError> {
    tx.query("delete from category where category_id = $1").bind(id).execute().await?;
    Ok(())
}
