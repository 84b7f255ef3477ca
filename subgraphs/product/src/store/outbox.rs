//! Statements about the outbox: deleted products that the inventory has yet to be sent.

use chassis::Db;
use chassis::db::{DbError, Tx, placeholders};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use sqlx::AssertSqlSafe;

/// An outbox entry as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Entry {
    #[sqlx(rename = "outbox_entry_id")]
    pub(crate) id: i64,
    pub(crate) product_id: ProductId,
    pub(crate) attempts: i64,
}

/// Adds the product.
pub(crate) async fn append(
    tx: &mut Tx,
    product: ProductId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.query(
        "insert into outbox_entry (product_id, attempts, due_at, created_at)
         values ($1, 0, $2, $2)",
    )
    .bind(product)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Adds each of `products`.
pub(crate) async fn append_all(
    tx: &mut Tx,
    products: &[ProductId],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let entries = (2..products.len() + 2).map(|product| format!("(${product}, 0, $1, $1)"));
    let sql = format!(
        "insert into outbox_entry (product_id, attempts, due_at, created_at) values {}",
        entries.collect::<Vec<_>>().join(", ")
    );
    tx.query(AssertSqlSafe(sql)).bind(now).bind_all(products.iter().copied()).execute().await?;
    Ok(())
}

/// The entries that are due, the oldest first, at most `limit`. An entry that is due after `latest`
/// was postponed by a clock that has been set back since, and is due as well.
pub(crate) async fn due(
    db: &Db,
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    db.query(
        "select outbox_entry_id, product_id, attempts from outbox_entry
         where due_at <= $1 or due_at > $2
         order by due_at limit $3",
    )
    .bind(now)
    .bind(latest)
    .bind(limit)
    .fetch_all()
    .await
}

/// Deletes the entries with these ids.
pub(crate) async fn delete(tx: &mut Tx, ids: &[i64]) -> Result<(), DbError> {
    let sql = format!(
        "delete from outbox_entry where outbox_entry_id in ({})",
        placeholders(1, ids.len())
    );
    tx.query(AssertSqlSafe(sql)).bind_list(ids).execute().await?;
    Ok(())
}

/// Counts another attempt for the entries with these ids and makes them due at `due_at`.
pub(crate) async fn postpone(
    tx: &mut Tx,
    ids: &[i64],
    due_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let sql = format!(
        "update outbox_entry set attempts = attempts + 1, due_at = $1
         where outbox_entry_id in ({})",
        placeholders(2, ids.len())
    );
    tx.query(AssertSqlSafe(sql)).bind(due_at).bind_list(ids).execute().await?;
    Ok(())
}
