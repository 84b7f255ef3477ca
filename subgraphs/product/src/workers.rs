//! The background loop. It may run on several nodes at once.

use crate::{Catalogue, commands};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the outbox is checked.
const OUTBOX_INTERVAL: Duration = Duration::from_millis(500);

/// Delivers outbox entries, at once and then again and again, until `stopping` is cancelled. A
/// delivery in progress is completed first.
pub async fn work(catalogue: Arc<Catalogue>, stopping: CancellationToken) {
    let mut ticks = interval(OUTBOX_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(ticks.tick()).await.is_some() {
        while !stopping.is_cancelled() {
            match commands::deliver_due(&catalogue).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "Delivering outbox entries failed; will retry.");
                    break;
                }
            }
        }
    }
}
