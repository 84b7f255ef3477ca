//! Adding and taking units.

use super::end_stock::refuse_if_ended;
use super::{contradiction, insufficient, refused, too_many};
use crate::domain::{Entry, MovementKind, StockItem, reference};
use crate::store::adjustment_key::Request;
use crate::store::ledger::{self, Cause};
use crate::{Error, Inventory, store};
use chassis::Tx;
use chassis::graphql::{Faults, UserErrorCode};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use commerce::text;
use std::sync::Arc;

/// Most characters of an idempotency key.
const KEY_CHARS: usize = 255;

/// An adjustment as a client asks for it.
pub(crate) struct AdjustStock {
    pub(crate) product_id: String,
    pub(crate) delta: i64,
    pub(crate) reference: Option<String>,
    pub(crate) idempotency_key: Option<String>,
}

struct New {
    request: Request,
    key: Option<String>,
}

/// What became of an adjustment.
pub(crate) struct Adjusted {
    /// The stock item as it is now; `None` when the adjustment is an old one and the stock item was
    /// deleted since.
    pub(crate) item: Option<StockItem>,
    /// The key was used for the same before: nothing changed now.
    pub(crate) replayed: bool,
}

/// Adds `delta` units, or takes them when it is negative; 0 only notes that somebody looked.
/// A product without stock item gets one. A key that was used for the same changes nothing.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `BLANK`, `TOO_LONG`, `OUT_OF_RANGE`, `INSUFFICIENT_STOCK`,
/// `IDEMPOTENCY_CONFLICT`, or `NOT_FOUND` when the product was deleted.
pub(crate) async fn adjust_stock(
    inventory: &Inventory,
    input: AdjustStock,
) -> Result<Adjusted, Error> {
    let new = Arc::new(checked(input)?);
    let now = inventory.clock.now();
    inventory
        .db
        .write(move |tx| {
            let new = Arc::clone(&new);
            Box::pin(async move {
                // First of all, so that the same request at the same time waits here for its twin.
                if let Some(key) = &new.key
                    && let Some(earlier) = claim(tx, key, &new.request, now).await?
                {
                    let item = known(tx, &earlier, &new.request).await?;
                    return Ok(Adjusted { item, replayed: true });
                }
                let item = adjust(tx, &new.request, now).await?;
                Ok(Adjusted { item: Some(item), replayed: false })
            })
        })
        .await
}

/// Takes the key for this request; else answers what it was used for.
async fn claim(
    tx: &mut Tx,
    key: &str,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Option<Request>, Error> {
    loop {
        if store::adjustment_key::insert(tx, key, request, now).await? {
            return Ok(None);
        }
        // On PostgreSQL an old key may be forgotten just now: then it is a new one.
        if let Some(earlier) = store::adjustment_key::request(tx, key).await? {
            return Ok(Some(earlier));
        }
    }
}

async fn adjust(tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<StockItem, Error> {
    let (product, delta) = (request.product_id, request.delta);
    let item = store::stock_item::lock_or_create(tx, product, now).await?;
    refuse_if_ended(tx, product).await?;
    if item.available().checked_add(delta).is_none_or(|available| available < 0) {
        return Err(vec![insufficient("delta", product, item.available())].into());
    }
    if !item.has_room_for(delta) {
        return Err(too_many("delta", product));
    }

    let entry = Entry { product, on_hand_delta: delta, reserved_delta: 0 };
    let reference = request.reference.as_deref();
    let cause = Cause { kind: MovementKind::Adjusted, reservation: None, reference, at: now };
    if !ledger::post(tx, &[entry], cause).await? {
        return Err(contradiction(format!("an adjustment of product {product} does not fit")));
    }
    Ok(StockItem { on_hand: item.on_hand + delta, updated_at: now, ..item })
}

/// What is answered to a key that is not new.
async fn known(
    tx: &mut Tx,
    earlier: &Request,
    request: &Request,
) -> Result<Option<StockItem>, Error> {
    if earlier != request {
        let message = "this idempotency key was used before, for another adjustment";
        return Err(refused(UserErrorCode::IdempotencyConflict, "idempotencyKey", message));
    }
    let products: [ProductId; 1] = [request.product_id];
    Ok(store::stock_item::lock(tx, &products).await?.pop())
}

fn checked(input: AdjustStock) -> Result<New, Error> {
    let mut faults = Faults::default();
    let product = faults.check("productId", input.product_id.parse());
    let given = input.reference.as_deref().map(reference);
    let reference = faults.check_given("reference", given).flatten();
    let key = input.idempotency_key.as_deref().map(|key| text::required(key, KEY_CHARS));
    let key = faults.check_given("idempotencyKey", key);
    let delta = input.delta;
    let new = faults.finish(|| {
        Some(New { request: Request { product_id: product?, delta, reference }, key })
    })?;
    Ok(new)
}
