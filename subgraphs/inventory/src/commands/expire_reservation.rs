//! Giving back the units of a reservation whose time has passed.

use super::settle::settle;
use crate::domain::{ReservationId, ReservationStatus};
use crate::{Error, store};
use chassis::{Db, Tx, step};
use chrono::{DateTime, Utc};

/// `false` when somebody else fulfilled, released or expired it first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn expire_reservation(
    db: &Db,
    id: ReservationId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    step!("inventory/expire", db.write(move |tx| Box::pin(expire(tx, id, now))))
}

async fn expire(tx: &mut Tx, id: ReservationId, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some(reservation) = store::reservation::lock(tx, id).await? else { return Ok(false) };
    let due = reservation.status == ReservationStatus::Held
        && reservation.expires_at.is_some_and(|expires_at| expires_at <= now);
    if due {
        settle(tx, reservation, ReservationStatus::Expired, now).await?;
    }
    Ok(due)
}
