//! Promising units: every line or none.

use super::{contradiction, insufficient, refused};
use crate::domain::{
    Entry, Line, MAX_LINES, MovementKind, Reservation, ReservationId, ReservationStatus, StockItem,
    Wanted, fingerprint, sum_up,
};
use crate::store::ledger::{self, Cause};
use crate::{Error, Inventory, store};
use chassis::Tx;
use chassis::graphql::{Faults, UserError, UserErrorCode};
use chassis::step;
use chrono::{DateTime, Utc};
use commerce::{ProductId, Quantity};
use std::sync::Arc;

/// A reservation as a client asks for it.
pub(crate) struct ReserveStock {
    pub(crate) id: String,
    pub(crate) lines: Vec<ReserveLine>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// One line of it.
pub(crate) struct ReserveLine {
    pub(crate) product_id: String,
    pub(crate) quantity: i64,
}

/// A reservation that was checked but not made.
struct New {
    reservation: Reservation,
    wanted: Vec<Wanted>,
}

/// Reserves under an id that nobody used. A known id reserves nothing: it answers what became of
/// the reservation.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `TOO_LONG`, `OUT_OF_RANGE`, `INSUFFICIENT_STOCK` for each product
/// that is short, `IDEMPOTENCY_CONFLICT` when the id is held with other lines.
pub(crate) async fn reserve_stock(
    inventory: &Inventory,
    input: ReserveStock,
) -> Result<Reservation, Error> {
    let new = Arc::new(checked(input, inventory.clock.now())?);
    let reserve = inventory.db.write(move |tx| {
        let new = Arc::clone(&new);
        Box::pin(async move { reserve(tx, &new).await })
    });
    step!("inventory/reserve", reserve)
}

async fn reserve(tx: &mut Tx, new: &New) -> Result<Reservation, Error> {
    let products: Vec<ProductId> = new.wanted.iter().map(|wanted| wanted.product).collect();
    // A request that cannot be met ends here, before it has written anything.
    let stock = store::stock_item::lock(tx, &products).await?;
    let short = shortages(&new.wanted, &stock);
    if !short.is_empty() {
        let known = store::reservation::lock(tx, new.reservation.id).await?;
        return known.map_or(Err(short.into()), |known| answer_again(known, &new.reservation));
    }
    // The same request at the same time waits here for its twin, if not above.
    if !store::reservation::insert(tx, &new.reservation).await? {
        let known = store::reservation::lock(tx, new.reservation.id).await?;
        let vanished = || contradiction(format!("reservation {} vanished", new.reservation.id));
        return answer_again(known.ok_or_else(vanished)?, &new.reservation);
    }

    let entry = |wanted: &Wanted| Entry {
        product: wanted.product,
        on_hand_delta: 0,
        reserved_delta: wanted.units,
    };
    let entries: Vec<Entry> = new.wanted.iter().map(entry).collect();
    let cause = Cause {
        kind: MovementKind::Reserved,
        reservation: Some(new.reservation.id),
        reference: None,
        at: new.reservation.created_at,
    };
    if !ledger::post(tx, &entries, cause).await? {
        return Err(contradiction(format!("reservation {} does not fit", new.reservation.id)));
    }
    Ok(new.reservation.clone())
}

/// What is answered to an id that is not new.
fn answer_again(known: Reservation, new: &Reservation) -> Result<Reservation, Error> {
    if known.status == ReservationStatus::Held && known.request != new.request {
        let message = format!("reservation {} was made with other lines", new.id);
        return Err(refused(UserErrorCode::IdempotencyConflict, "id", message));
    }
    Ok(known)
}

/// One error for each product that has too little, at the first line that names it.
fn shortages(wanted: &[Wanted], stock: &[StockItem]) -> Vec<UserError> {
    let available = |product: ProductId| {
        let item = stock.iter().find(|item| item.product_id == product);
        item.map_or(0, StockItem::available)
    };
    let mut short: Vec<_> = wanted
        .iter()
        .map(|wanted| (wanted, available(wanted.product)))
        .filter(|(wanted, available)| wanted.units > *available)
        .collect();
    short.sort_unstable_by_key(|(wanted, _)| wanted.line);
    let error = |(wanted, available): (&Wanted, i64)| {
        insufficient(&format!("lines.{}.quantity", wanted.line), wanted.product, available)
    };
    short.into_iter().map(error).collect()
}

fn checked(input: ReserveStock, now: DateTime<Utc>) -> Result<New, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", input.id.parse::<ReservationId>());
    if input.expires_at.is_some_and(|expires_at| expires_at <= now) {
        faults.add(UserErrorCode::Invalid, "expiresAt", "expiresAt: is in the past");
    }
    let lines = checked_lines(&mut faults, &input.lines);
    let wanted = sum_up(&lines);
    let new = faults.finish(|| {
        let line = |wanted: &Wanted| Line { product: wanted.product, units: wanted.units };
        let reservation = Reservation {
            id: id?,
            status: ReservationStatus::Held,
            request: fingerprint(&wanted),
            expires_at: input.expires_at,
            created_at: now,
            lines: Some(wanted.iter().map(line).collect()),
        };
        Some(New { reservation, wanted })
    })?;
    Ok(new)
}

fn checked_lines(faults: &mut Faults, lines: &[ReserveLine]) -> Vec<(ProductId, Quantity)> {
    if lines.is_empty() {
        faults.add(UserErrorCode::Invalid, "lines", "lines: there must be at least one");
    }
    if lines.len() > MAX_LINES {
        let message = format!("lines: there may be at most {MAX_LINES}");
        faults.add(UserErrorCode::TooLong, "lines", message);
        return Vec::new();
    }
    let mut check = |(index, line): (usize, &ReserveLine)| {
        let product = faults.check(&format!("lines.{index}.productId"), line.product_id.parse());
        let quantity = Quantity::try_from(line.quantity);
        let quantity = faults.check(&format!("lines.{index}.quantity"), quantity);
        product.zip(quantity)
    };
    lines.iter().enumerate().filter_map(&mut check).collect()
}
