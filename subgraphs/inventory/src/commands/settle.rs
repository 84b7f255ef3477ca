//! Moving a reservation on: its status, the counters of its products and the ledger, together.

use super::end_stock::remove_if_ended;
use super::{contradiction, too_many};
use crate::domain::{Line, MovementKind, Reservation, ReservationStatus};
use crate::store::ledger::{self, Cause};
use crate::{Error, store};
use chassis::Tx;
use chrono::{DateTime, Utc};
use commerce::ProductId;

/// Takes a locked reservation to the status `to`; one from which no way leads there stays as it is.
///
/// # Errors
/// [`Error::Refused`]: `OUT_OF_RANGE` when goods come back to a product that cannot have more.
pub(super) async fn settle(
    tx: &mut Tx,
    reservation: Reservation,
    to: ReservationStatus,
    now: DateTime<Utc>,
) -> Result<Reservation, Error> {
    let id = reservation.id;
    let Some(effect) = reservation.status.effect(to) else { return Ok(reservation) };
    if !store::reservation::set_status(tx, id, (reservation.status, to), now).await? {
        return Err(contradiction(format!("reservation {id} moved while it was locked")));
    }

    let lines = store::reservation::lines(tx, id).await?;
    let products: Vec<ProductId> = lines.iter().map(|line| line.product).collect();
    let stock = store::stock_item::lock(tx, &products).await?;
    // Goods may come back to a product that is no longer stocked; reserved units always have a row.
    let returned = effect.kind == MovementKind::Returned;
    let moved =
        |line: &&Line| !returned || stock.iter().any(|item| item.product_id == line.product);
    let entries: Vec<_> = lines.iter().filter(moved).map(|line| effect.on(*line)).collect();
    let cause = Cause { kind: effect.kind, reservation: Some(id), reference: None, at: now };
    if !ledger::post(tx, &entries, cause).await? {
        let full = stock.iter().find(|item| {
            let entry = entries.iter().find(|entry| entry.product == item.product_id);
            entry.is_some_and(|entry| !item.has_room_for(entry.on_hand_delta))
        });
        return Err(match full {
            Some(item) => too_many("id", item.product_id),
            None => contradiction(format!("reservation {id} is not covered")),
        });
    }
    remove_if_ended(tx, &products, now).await?;
    Ok(Reservation { status: to, lines: Some(lines), ..reservation })
}
