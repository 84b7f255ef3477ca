//! Counting: saying how many units there are.

use super::end_stock::refuse_if_ended;
use super::{contradiction, refused, too_many};
use crate::domain::{Entry, MAX_UNITS, MovementKind, StockItem, reference};
use crate::store::ledger::{self, Cause};
use crate::{Error, Inventory, store};
use chassis::Tx;
use chassis::graphql::{Faults, UserErrorCode};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use std::sync::Arc;

/// A count as a client reports it: exactly one of `on_hand` and `available`.
pub(crate) struct SetStock {
    pub(crate) product_id: String,
    pub(crate) on_hand: Option<i64>,
    pub(crate) available: Option<i64>,
    pub(crate) expected_on_hand: Option<i64>,
    pub(crate) reference: Option<String>,
}

#[derive(Clone, Copy)]
enum Count {
    OnHand(i64),
    Available(i64),
}

struct New {
    product: ProductId,
    count: Count,
    expected_on_hand: Option<i64>,
    reference: Option<String>,
}

/// Creates the stock item of a product that had none. The inventory does not check that the
/// catalogue has the product; it only knows which products were deleted.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `TOO_LONG`, `OUT_OF_RANGE`, `CONFLICT` when on hand is not what
/// was expected, or `NOT_FOUND` when the product was deleted.
pub(crate) async fn set_stock(inventory: &Inventory, input: SetStock) -> Result<StockItem, Error> {
    let new = Arc::new(checked(input)?);
    let now = inventory.clock.now();
    inventory
        .db
        .write(move |tx| {
            let new = Arc::clone(&new);
            Box::pin(async move { set(tx, &new, now).await })
        })
        .await
}

async fn set(tx: &mut Tx, new: &New, now: DateTime<Utc>) -> Result<StockItem, Error> {
    let item = store::stock_item::lock_or_create(tx, new.product, now).await?;
    refuse_if_ended(tx, new.product).await?;
    if new.expected_on_hand.is_some_and(|expected| expected != item.on_hand) {
        let message = format!("product {} has {} units on hand", new.product, item.on_hand);
        return Err(refused(UserErrorCode::Conflict, "expectedOnHand", message));
    }
    let on_hand = match new.count {
        Count::OnHand(units) if units < item.reserved => {
            let message = format!("product {} has {} units reserved", new.product, item.reserved);
            return Err(refused(UserErrorCode::OutOfRange, "onHand", message));
        }
        Count::OnHand(units) => units,
        Count::Available(units) => units
            .checked_add(item.reserved)
            .filter(|on_hand| *on_hand <= MAX_UNITS)
            .ok_or_else(|| too_many("available", new.product))?,
    };

    let entry =
        Entry { product: new.product, on_hand_delta: on_hand - item.on_hand, reserved_delta: 0 };
    let reference = new.reference.as_deref();
    let cause = Cause { kind: MovementKind::Counted, reservation: None, reference, at: now };
    if !ledger::post(tx, &[entry], cause).await? {
        return Err(contradiction(format!("a count of product {} does not fit", new.product)));
    }
    Ok(StockItem { on_hand, updated_at: now, ..item })
}

fn checked(input: SetStock) -> Result<New, Error> {
    let mut faults = Faults::default();
    let product = faults.check("productId", input.product_id.parse());
    let count = match (input.on_hand, input.available) {
        (Some(on_hand), None) => in_range(&mut faults, "onHand", on_hand).map(Count::OnHand),
        (None, Some(units)) => in_range(&mut faults, "available", units).map(Count::Available),
        _ => {
            let message = "exactly one of onHand and available must be given";
            faults.add(UserErrorCode::Invalid, "onHand", message);
            None
        }
    };
    let given = input.reference.as_deref().map(reference);
    let reference = faults.check_given("reference", given).flatten();
    let expected_on_hand = input.expected_on_hand;
    let new = faults
        .finish(|| Some(New { product: product?, count: count?, expected_on_hand, reference }))?;
    Ok(new)
}

fn in_range(faults: &mut Faults, path: &str, units: i64) -> Option<i64> {
    if (0..=MAX_UNITS).contains(&units) {
        return Some(units);
    }
    faults.add(UserErrorCode::OutOfRange, path, format!("{path}: must be from 0 to {MAX_UNITS}"));
    None
}
