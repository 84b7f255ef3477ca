//! Background loops. Each may run on several nodes at once.

mod expiry;
mod pruning;

pub use expiry::expire_reservations;
pub use pruning::prune_keys;

use crate::Error;
use chassis::Db;
use commerce::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Pause between two looks at what is due.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(5);
/// Pause between two looks at keys that are past their time.
const PRUNING_INTERVAL: Duration = Duration::from_secs(300);

/// Releases reservations and forgets idempotency keys past their time until `stop` is cancelled.
/// What is being written then is finished first.
pub async fn workers(db: Db, clock: Arc<dyn Clock>, stop: CancellationToken) {
    futures::join!(
        repeat(EXPIRY_INTERVAL, &stop, "Releasing expired reservations", || {
            expire_reservations(&db, &*clock)
        }),
        repeat(PRUNING_INTERVAL, &stop, "Forgetting idempotency keys", || {
            prune_keys(&db, &*clock)
        }),
    );
}

/// Does `task`, at once and then again and again, each time until nothing is left to do.
async fn repeat<F>(every: Duration, stop: &CancellationToken, name: &str, task: impl Fn() -> F)
where
    F: Future<Output = Result<usize, Error>>,
{
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        while !stop.is_cancelled() {
            match task().await {
                Ok(0) => break,
                Ok(rows) => tracing::info!(rows, "{name}: {rows} done."),
                Err(error) => {
                    tracing::error!(cause = ?error, "{name} failed and will be tried again.");
                    break;
                }
            }
        }
    }
}
