//! Background loops. Each may run on several nodes at once without harm.

use crate::{Error, Orders, commands};
use chassis::graphql::KEY_RETENTION;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often effects that are due are looked for.
const EFFECT_INTERVAL: Duration = Duration::from_millis(500);
/// How often abandoned placements are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(2);
/// How often attempts that are past their time are looked for.
const PRUNING_INTERVAL: Duration = Duration::from_secs(300);
/// Most attempts that one transaction prunes.
const PRUNING_BATCH: i64 = 500;

/// Runs the sweeper, the teller of effects and the pruning of old attempts, at once and then again
/// and again, until `stopping` is cancelled. What is under way is finished first.
pub async fn work(orders: Arc<Orders>, stopping: CancellationToken) {
    futures::join!(
        repeat(SWEEP_INTERVAL, &stopping, || commands::sweep(&orders)),
        repeat(EFFECT_INTERVAL, &stopping, || commands::settle_due(&orders)),
        repeat(PRUNING_INTERVAL, &stopping, || async {
            let mut pruned = 0;
            while !stopping.is_cancelled() {
                match prune(&orders).await? {
                    0 => break,
                    batch => pruned += batch,
                }
            }
            Ok(pruned)
        })
    );
}

/// Forgets what is of no use [`KEY_RETENTION`] after an attempt began: its idempotency key, and the
/// attempt itself when it came to nothing. The 500 oldest of each at most; answers how many it was.
/// A clock that was set back keeps them longer.
///
/// # Errors
/// When the database fails.
pub async fn prune(orders: &Orders) -> Result<usize, Error> {
    let before = orders.clock.now() - KEY_RETENTION;
    let pruned = commands::prune_keys(orders, before, PRUNING_BATCH).await?;
    Ok(usize::try_from(pruned).unwrap_or(usize::MAX))
}

async fn repeat<F>(every: Duration, stopping: &CancellationToken, task: impl Fn() -> F)
where
    F: Future<Output = Result<usize, Error>>,
{
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = task().await {
            tracing::error!(%error, "A background task failed and will be tried again.");
        }
    }
}
