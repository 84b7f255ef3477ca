//! Statements about the idempotency keys of adjustments.

use chassis::db::{DbError, Tx};
use chrono::{DateTime, Utc};
use commerce::ProductId;

/// What an adjustment asks for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Request {
    pub(crate) product_id: ProductId,
    pub(crate) delta: i64,
    pub(crate) reference: Option<String>,
}

/// `false` when the key was used already.
pub(crate) async fn insert(
    tx: &mut Tx,
    key: &str,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let inserted = tx
        .query(
            "insert into adjustment_key (idempotency_key, product_id, delta, reference, created_at)
             values ($1, $2, $3, $4, $5)
             on conflict (idempotency_key) do nothing",
        )
        .bind(key)
        .bind(request.product_id)
        .bind(request.delta)
        .bind(request.reference.as_deref())
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// What the key was used for.
pub(crate) async fn request(tx: &mut Tx, key: &str) -> Result<Option<Request>, DbError> {
    let sql = "select product_id, delta, reference from adjustment_key where idempotency_key = $1";
    tx.query(sql).bind(key).fetch_optional().await
}

/// Deletes the oldest keys that were used before `before`, at most `limit`; answers how many.
pub(crate) async fn delete_before(
    tx: &mut Tx,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbError> {
    tx.query(
        "delete from adjustment_key
         where created_at < $1 and idempotency_key in (
             select idempotency_key from adjustment_key
             where created_at < $1 order by created_at limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
