//! Background loops. Each may run on several nodes at once without harm.

use crate::commands::{settle_due, sweep};
use crate::{Error, Orders};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often effects that are due are looked for.
const EFFECT_INTERVAL: Duration = Duration::from_millis(500);
/// How often abandoned placements are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(2);

/// Runs the sweeper and the teller of effects, at once and then again and again, until `stopping`
/// is cancelled. What is under way is finished first.
pub async fn work(orders: Arc<Orders>, stopping: CancellationToken) {
    futures::join!(
        repeat(SWEEP_INTERVAL, &stopping, || sweep(&orders)),
        repeat(EFFECT_INTERVAL, &stopping, || settle_due(&orders))
    );
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
