//! Forgetting the keys of attempts that nobody repeats any more.

use crate::{Error, Orders, store};
use chrono::{DateTime, Utc};

/// Of attempts that began before `before` and ended: forgets the keys, and deletes those that came
/// to nothing; at most `limit` of each. Attempts that became orders stay: the orders refer to them.
/// Answers how many rows it was. May run twice and on several nodes.
///
/// # Errors
/// When the database fails.
pub(crate) async fn prune_keys(
    orders: &Orders,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, Error> {
    orders
        .db
        .write(move |tx| {
            Box::pin(async move {
                let deleted = store::placement::delete_aborted(tx, before, limit).await?;
                Ok(deleted + store::placement::forget_keys(tx, before, limit).await?)
            })
        })
        .await
}
