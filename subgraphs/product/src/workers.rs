//! The background loop. It may run on several nodes at once.

use crate::{Catalogue, Error, commands};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the outbox is checked.
const OUTBOX_INTERVAL: Duration = Duration::from_millis(500);

/// Deletes what remains of deleted categories and delivers outbox entries, at once and then again and
/// again, until `stopping` is cancelled. A transaction or delivery in progress is completed first.
pub async fn work(catalogue: Arc<Catalogue>, stopping: CancellationToken) {
    let mut ticks = interval(OUTBOX_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(ticks.tick()).await.is_some() {
        while !stopping.is_cancelled() {
            match work_once(&catalogue).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, "Deleting or reporting products failed; will retry.");
                    break;
                }
            }
        }
    }
}

/// One transaction and one delivery; returns whether there was anything to do.
async fn work_once(catalogue: &Catalogue) -> Result<bool, Error> {
    let deleted = commands::delete_remaining(catalogue).await?;
    let delivered = commands::deliver_due(catalogue).await?;
    Ok(deleted || delivered > 0)
}
