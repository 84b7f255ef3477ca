//! Forgetting the keys of adjustments after their time.

use crate::{Error, commands};
use chassis::Db;
use chassis::graphql::KEY_RETENTION;
use commerce::Clock;

/// Most keys of one call, which is one transaction.
const BATCH: i64 = 500;

/// Forgets idempotency keys that were used more than [`KEY_RETENTION`] ago: the 500 oldest at most.
/// Answers how many it was. A clock that was set back keeps them longer.
///
/// # Errors
/// When the database fails.
pub async fn prune_keys(db: &Db, clock: &dyn Clock) -> Result<usize, Error> {
    let pruned = commands::prune_keys(db, clock.now() - KEY_RETENTION, BATCH).await?;
    Ok(usize::try_from(pruned).unwrap_or(usize::MAX))
}
