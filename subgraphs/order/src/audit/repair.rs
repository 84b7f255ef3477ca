//! Recording what is missing. No order is ever deleted.

use super::{Claim, Expects};
use crate::Error;
use crate::domain::EffectKind;
use crate::store::{audit as store, effect};
use chassis::{Db, Tx};
use chrono::{DateTime, Utc};
use commerce::{Money, OrderId};
use uuid::Uuid;

/// Records the effect that makes a reservation what its order needs, unless it waits already;
/// answers what it recorded. The server's worker tells the inventory, now or at its next start.
/// While there are `orphans`, orders whose attempts are missing, nothing is recorded of a reservation
/// without an order: it may be one of theirs.
///
/// # Errors
/// When the database fails.
pub async fn record_effect(
    db: &Db,
    reservation: Uuid,
    orphans: bool,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    db.write(move |tx| Box::pin(record(tx, reservation, orphans, now))).await
}

async fn record(
    tx: &mut Tx,
    reservation: Uuid,
    orphans: bool,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    let claim = Claim::from(store::lock_claimed(tx, reservation).await?);
    let (kind, waits, word) = match claim.expects() {
        Expects::Held | Expects::Anything => return Ok(None),
        Expects::Fulfilled => (EffectKind::Fulfil, claim.fulfil_waits(), "fulfil"),
        Expects::GivenBack | Expects::Settled | Expects::NotHeld => {
            (EffectKind::Release, claim.release_waits(), "release")
        }
    };
    if waits || (orphans && !claim.has_order()) {
        return Ok(None);
    }
    effect::append(tx, reservation, kind, now).await?;
    Ok(Some(format!("reservation {reservation}: {claim}, recorded the effect {word}")))
}

/// Makes the attempt of an order `placed`; answers what it changed.
///
/// # Errors
/// When the database fails.
pub async fn mark_placed(db: &Db, reservation: Uuid) -> Result<Option<String>, Error> {
    db.write(move |tx| {
        Box::pin(async move {
            let claim = Claim::from(store::lock_claimed(tx, reservation).await?);
            let wrong = claim.has_order() && !claim.is_placed();
            if !wrong || !store::mark_placed(tx, reservation).await? {
                return Ok(None);
            }
            Ok(Some(format!("reservation {reservation}: {claim}, its attempt became placed")))
        })
    })
    .await
}

/// Makes an order's total the sum of its lines; answers what it changed. `None` when it is, or when
/// the sum is more than a total can be.
///
/// # Errors
/// When the database fails.
pub async fn repair_total(db: &Db, order: OrderId) -> Result<Option<String>, Error> {
    db.write(move |tx| {
        Box::pin(async move {
            let Some(sums) = store::lock_summed(tx, order).await? else { return Ok(None) };
            let possible = (0..=Money::MAX.minor()).contains(&sums.lines);
            if sums.total == sums.lines || !possible {
                return Ok(None);
            }
            store::set_total(tx, order, sums.lines).await?;
            Ok(Some(format!("order {order}: total {} became {}", sums.total, sums.lines)))
        })
    })
    .await
}

/// Takes the idempotency key from the attempt of a later order; answers what it changed.
///
/// # Errors
/// When the database fails.
pub async fn drop_key(db: &Db, reservation: Uuid) -> Result<Option<String>, Error> {
    db.write(move |tx| {
        Box::pin(async move {
            if !store::forget_key(tx, reservation).await? {
                return Ok(None);
            }
            Ok(Some(format!("reservation {reservation}: lost its idempotency key")))
        })
    })
    .await
}
