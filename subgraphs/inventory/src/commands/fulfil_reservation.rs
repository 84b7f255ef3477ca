//! Letting reserved units leave the house.

use super::{not_found, refused, reservation_id, settle::settle};
use crate::domain::{Reservation, ReservationId, ReservationStatus};
use crate::{Error, Inventory, store};
use chassis::graphql::UserErrorCode;
use chassis::{Tx, step};
use chrono::{DateTime, Utc};

/// Any number of times, one effect.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `NOT_FOUND`, or `CONFLICT` when the units were given back.
pub(crate) async fn fulfil_reservation(
    inventory: &Inventory,
    id: &str,
) -> Result<Reservation, Error> {
    let id = reservation_id(id)?;
    let now = inventory.clock.now();
    let fulfil = inventory.db.write(move |tx| Box::pin(fulfil(tx, id, now)));
    step!("inventory/fulfil", fulfil)
}

async fn fulfil(tx: &mut Tx, id: ReservationId, now: DateTime<Utc>) -> Result<Reservation, Error> {
    let found = store::reservation::lock(tx, id).await?;
    let reservation = found.ok_or_else(|| not_found("reservation", id))?;
    match reservation.status {
        ReservationStatus::Held | ReservationStatus::Fulfilled => {
            settle(tx, reservation, ReservationStatus::Fulfilled, now).await
        }
        gone @ (ReservationStatus::Released | ReservationStatus::Expired) => {
            let message = format!("reservation {id} is {}: its units were given back", gone.word());
            Err(refused(UserErrorCode::Conflict, "id", message))
        }
    }
}
