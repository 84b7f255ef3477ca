//! Forgetting that a product is stocked. The ledger stays, and its sums become 0.

use super::{contradiction, not_found, refused};
use crate::domain::{Entry, MovementKind};
use crate::store::ledger::{self, Cause};
use crate::{Error, Inventory, store};
use chassis::Tx;
use chassis::graphql::{Faults, UserErrorCode};
use chrono::{DateTime, Utc};
use commerce::StockItemId;

/// What the ledger says about the units that a deleted stock item still had.
const REFERENCE: &str = "stock item deleted";

/// # Errors
/// [`Error::Refused`]: `INVALID`, `NOT_FOUND`, or `CONFLICT` while units are reserved.
pub(crate) async fn delete_stock_item(
    inventory: &Inventory,
    id: &str,
) -> Result<StockItemId, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    let id = faults.finish(|| id)?;
    let now = inventory.clock.now();
    inventory.db.write(move |tx| Box::pin(delete(tx, id, now))).await
}

async fn delete(tx: &mut Tx, id: StockItemId, now: DateTime<Utc>) -> Result<StockItemId, Error> {
    let found = store::stock_item::lock_by_id(tx, id).await?;
    let item = found.ok_or_else(|| not_found("stock item", id))?;
    if item.reserved > 0 {
        let message = format!("stock item {id} has {} units reserved", item.reserved);
        return Err(refused(UserErrorCode::Conflict, "id", message));
    }
    if item.on_hand > 0 {
        let entry =
            Entry { product: item.product_id, on_hand_delta: -item.on_hand, reserved_delta: 0 };
        let reference = Some(REFERENCE);
        let cause = Cause { kind: MovementKind::Adjusted, reservation: None, reference, at: now };
        if !ledger::post(tx, &[entry], cause).await? {
            return Err(contradiction(format!("stock item {id} cannot be emptied")));
        }
    }
    if !store::stock_item::delete(tx, id).await? {
        return Err(contradiction(format!("stock item {id} moved while it was locked")));
    }
    Ok(id)
}
