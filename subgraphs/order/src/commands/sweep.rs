//! Ending attempts that nobody works on any more.

use super::{record_placement, settle};
use crate::domain::EffectKind;
use crate::{Error, Orders, store};
use chassis::step;
use chrono::TimeDelta;

/// Placements ended in one go.
const BATCH: i64 = 100;
/// How far the clocks of two nodes may be apart: what one has just begun is not over for the other.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(60);

/// Aborts abandoned placements and gives back what they may have reserved; answers how many.
/// May run twice and on several nodes: each placement ends once.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(orders: &Orders) -> Result<usize, Error> {
    let only_instance = orders.db.is_owned().then_some(orders.instance);
    let now = orders.clock.now();
    let latest = now + record_placement::ATTENDED + CLOCKS_APART;
    let abandoned =
        store::placement::abandoned(&orders.db, now, latest, only_instance, BATCH).await?;
    for (reservation,) in &abandoned {
        let release = Some(EffectKind::Release);
        if step!("sweep/abort", record_placement::abort(orders, *reservation, release))? {
            tracing::warn!(reservation.id = %reservation, "Gave up an abandoned placement.");
            settle(orders, *reservation).await;
        }
    }
    Ok(abandoned.len())
}
