//! Background loops.

mod expiry;

pub use expiry::expire_reservations;

use chassis::Db;
use commerce::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Pause between two looks at what is due.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(5);

/// Releases reservations past their time until `stop` is cancelled. What is being written then is
/// finished first. It may run on several nodes at once.
pub async fn workers(db: Db, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EXPIRY_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        while !stop.is_cancelled() {
            match expire_reservations(&db, &*clock).await {
                Ok(0) => break,
                Ok(expired) => {
                    tracing::info!(
                        reservations.expired = expired,
                        "Released expired reservations."
                    );
                }
                Err(error) => {
                    tracing::error!(cause = ?error, "Expired reservations could not be released.");
                    break;
                }
            }
        }
    }
}
