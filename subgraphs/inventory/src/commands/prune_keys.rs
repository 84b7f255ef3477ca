//! Forgetting the keys of adjustments that nobody repeats any more.

use crate::{Error, store};
use chassis::Db;
use chrono::{DateTime, Utc};

/// Forgets at most `limit` keys that were used before `before`; answers how many it was.
///
/// # Errors
/// When the database fails.
pub(crate) async fn prune_keys(db: &Db, before: DateTime<Utc>, limit: i64) -> Result<u64, Error> {
    db.write(move |tx| {
        Box::pin(async move { Ok(store::adjustment_key::delete_before(tx, before, limit).await?) })
    })
    .await
}
