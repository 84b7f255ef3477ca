//! Telling the inventory what it has yet to be told, until it answers.

use crate::clients::StockAnswer;
use crate::store::{self, effect::Effect};
use crate::{Error, Orders};
use chassis::step;
use chrono::TimeDelta;
use uuid::Uuid;

/// Effects told in one go of the worker.
const BATCH: i64 = 100;
/// Pause before the second attempt, in milliseconds; it doubles each time. The request that caused
/// an effect made the first one: whoever did not answer then needs a moment.
const PAUSE_MS: i64 = 2_000;
/// The longest pause, in milliseconds: stock comes back within seconds of its keeper.
const PAUSE_MS_MAX: i64 = 5_000;

/// Tells everything about one reservation now, so that its caller sees the final stock. What
/// cannot be told now stays for the worker: this never fails.
pub(crate) async fn settle(orders: &Orders, reservation: Uuid) {
    loop {
        let told = match store::effect::first_of(&orders.db, reservation).await {
            Ok(Some(effect)) => tell(orders, &effect).await,
            Ok(None) => return,
            Err(error) => Err(error.into()),
        };
        match told {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, reservation.id = %reservation, "An effect has to wait.");
                return;
            }
        }
    }
}

/// Tells what is due; answers how many effects were tried.
///
/// # Errors
/// When the database fails.
pub(crate) async fn settle_due(orders: &Orders) -> Result<usize, Error> {
    let now = orders.clock.now();
    let latest = now + TimeDelta::milliseconds(PAUSE_MS_MAX);
    let due = store::effect::due(&orders.db, now, latest, BATCH).await?;
    for effect in &due {
        tell(orders, effect).await?;
    }
    Ok(due.len())
}

/// `true` when the effect was told and is gone; `false` when it was put off.
async fn tell(orders: &Orders, effect: &Effect) -> Result<bool, Error> {
    let (id, reservation) = (effect.id, effect.reservation_id);
    match step!("effect/tell", orders.peers.tell(reservation, effect.kind)) {
        Ok(StockAnswer::Done) => {
            let delete = orders.db.write(move |tx| {
                Box::pin(async move { Ok::<_, Error>(store::effect::delete(tx, id).await?) })
            });
            return step!("effect/delete", delete).map(|()| true);
        }
        Ok(StockAnswer::Refused(reason)) => {
            tracing::error!(%reason, reservation.id = %reservation, "The inventory refuses an effect.");
        }
        Err(error) => {
            tracing::warn!(%error, reservation.id = %reservation, "An effect was not told.")
        }
    }
    let pause = PAUSE_MS.saturating_mul(1 << effect.attempts.clamp(0, 10)).min(PAUSE_MS_MAX);
    let due_at = orders.clock.now() + TimeDelta::milliseconds(pause);
    let postpone = orders.db.write(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::effect::postpone(tx, id, due_at).await?) })
    });
    step!("effect/postpone", postpone).map(|()| false)
}
