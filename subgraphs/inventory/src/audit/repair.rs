//! Taking over what the ledger says. The ledger itself is never changed.

use super::Reservation;
use crate::store::{audit as store, stock_item};
use crate::{Error, store::audit::Sums};
use chassis::{Db, Tx};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use uuid::Uuid;

/// Makes a product's counters the sums of its ledger; answers what it changed. `None` when nothing
/// has to be changed, or when no counters can be what the ledger says.
///
/// # Errors
/// When the database fails.
pub async fn repair_counters(
    db: &Db,
    product: ProductId,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    db.write(move |tx| Box::pin(rebuild(tx, product, now))).await
}

async fn rebuild(
    tx: &mut Tx,
    product: ProductId,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    // Whoever writes to this product's ledger holds its stock item: with the lock the sums stand.
    let found = stock_item::lock(tx, &[product]).await?.pop();
    let sums = store::sums(tx, product).await?;
    let stored = found.as_ref().map(|item| Sums { on_hand: item.on_hand, reserved: item.reserved });
    let none = Sums { on_hand: 0, reserved: 0 };
    if !sums.fit() || stored.unwrap_or(none) == sums {
        return Ok(None);
    }
    let Some(stored) = stored else {
        let item = stock_item::lock_or_create(tx, product, now).await?;
        let sums = store::sums(tx, product).await?;
        if !sums.fit() {
            // Somebody created and moved it meanwhile: the next look will tell.
            return Err(Error::Contradiction(format!("product {product} moved")));
        }
        store::set_counters(tx, item.product_id, sums, now).await?;
        return Ok(Some(format!("product {product}: has a stock item again with {sums}")));
    };
    store::set_counters(tx, product, sums, now).await?;
    Ok(Some(format!("product {product}: {stored} became {sums}")))
}

/// Makes a reservation's status the one that its movements tell; answers what it changed. `None`
/// when nothing has to be changed, or when the movements contradict each other.
///
/// # Errors
/// When the database fails.
pub async fn repair_reservation(
    db: &Db,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    db.write(move |tx| Box::pin(retell(tx, id, now))).await
}

async fn retell(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<Option<String>, Error> {
    let Some(row) = store::lock_settled(tx, id).await? else { return Ok(None) };
    let found = Reservation::from(row);
    let Some(status) = found.told().first().filter(|_| found.fault().is_some()) else {
        return Ok(None);
    };
    store::set_status(tx, id, *status, now).await?;
    Ok(Some(format!("reservation {id}: {found} became {}", status.word())))
}
