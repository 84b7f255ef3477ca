//! Giving reserved units back, or taking shipped ones back.

use super::{contradiction, reservation_id, settle::settle};
use crate::domain::{Reservation, ReservationId, ReservationStatus};
use crate::{Error, Inventory, store};
use chassis::{Tx, step};
use chrono::{DateTime, Utc};

/// Any number of times, one effect. An id that nobody used is marked as released, so that a
/// reservation that arrives late finds it so.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, or `OUT_OF_RANGE` when goods come back to a product that cannot
/// have more units.
pub(crate) async fn release_reservation(
    inventory: &Inventory,
    id: &str,
) -> Result<Reservation, Error> {
    let id = reservation_id(id)?;
    let now = inventory.clock.now();
    let release = inventory.db.write(move |tx| Box::pin(release(tx, id, now)));
    step!("inventory/release", release)
}

async fn release(tx: &mut Tx, id: ReservationId, now: DateTime<Utc>) -> Result<Reservation, Error> {
    if let Some(reservation) = store::reservation::lock(tx, id).await? {
        return settle(tx, reservation, ReservationStatus::Released, now).await;
    }
    let tombstone = Reservation {
        id,
        status: ReservationStatus::Released,
        request: String::new(),
        expires_at: None,
        created_at: now,
        lines: Some(Vec::new()),
    };
    if store::reservation::insert(tx, &tombstone).await? {
        return Ok(tombstone);
    }
    // Somebody made or released it since we looked, and the insert waited for them.
    match store::reservation::lock(tx, id).await? {
        Some(reservation) => settle(tx, reservation, ReservationStatus::Released, now).await,
        None => Err(contradiction(format!("reservation {id} vanished"))),
    }
}
