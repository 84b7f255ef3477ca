//! Ending the stock of products that were deleted from the catalogue.

use super::{contradiction, refused};
use crate::domain::{Entry, MovementKind, StockItem};
use crate::store::ledger::{self, Cause};
use crate::{Error, Inventory, store};
use chassis::graphql::{Faults, UserErrorCode};
use chassis::{Tx, step};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use std::sync::Arc;

/// The maximum number of products of one call.
const MAX_PRODUCTS: usize = 100;
/// What the ledger says about the units of a deleted product.
const REFERENCE: &str = "product deleted";

/// Removes every unit that is not reserved and refuses new ones for ever. Idempotent. Reserved
/// units stay until their reservation is fulfilled or released; see [`remove_if_ended`].
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, or `TOO_LONG` for more than 100 products.
pub(crate) async fn end_stock(
    inventory: &Inventory,
    products: &[String],
) -> Result<Vec<ProductId>, Error> {
    let products: Arc<[ProductId]> = checked(products)?.into();
    let now = inventory.clock.now();
    let ended = Arc::clone(&products);
    let end = inventory.db.write(move |tx| {
        let products = Arc::clone(&ended);
        Box::pin(async move { end(tx, &products, now).await })
    });
    step!("inventory/end", end)?;
    Ok(products.to_vec())
}

async fn end(tx: &mut Tx, products: &[ProductId], now: DateTime<Utc>) -> Result<(), Error> {
    store::ended_product::insert(tx, products, now).await?;
    // Created where missing: a transaction that creates one at the same time waits for this one,
    // and then finds the product ended.
    let items = store::stock_item::lock_or_create_all(tx, products, now).await?;
    remove(tx, &items, now).await
}

/// Removes what a change of `products` made available again of products whose stock has ended.
///
/// # Errors
/// When the database fails.
pub(super) async fn remove_if_ended(
    tx: &mut Tx,
    products: &[ProductId],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ended = store::ended_product::among(tx, products).await?;
    let items = store::stock_item::lock(tx, &ended).await?;
    remove(tx, &items, now).await
}

/// Refuses to set the stock of a product whose stock has ended. The caller holds its stock item.
///
/// # Errors
/// [`Error::Refused`]: `NOT_FOUND`.
pub(super) async fn refuse_if_ended(tx: &mut Tx, product: ProductId) -> Result<(), Error> {
    if store::ended_product::among(tx, &[product]).await?.is_empty() {
        return Ok(());
    }
    let message = format!("product {product} does not exist");
    Err(refused(UserErrorCode::NotFound, "productId", message))
}

/// Empties locked stock items of everything that is not reserved, and deletes those without units.
async fn remove(tx: &mut Tx, items: &[StockItem], now: DateTime<Utc>) -> Result<(), Error> {
    let entry = |item: &StockItem| Entry {
        product: item.product_id,
        on_hand_delta: -item.available(),
        reserved_delta: 0,
    };
    let entries: Vec<Entry> = items.iter().filter(|item| item.available() > 0).map(entry).collect();
    let reference = Some(REFERENCE);
    let cause = Cause { kind: MovementKind::Adjusted, reservation: None, reference, at: now };
    if !ledger::post(tx, &entries, cause).await? {
        return Err(contradiction("the stock of deleted products cannot be removed"));
    }
    let products: Vec<ProductId> = items.iter().map(|item| item.product_id).collect();
    Ok(store::stock_item::delete_empty(tx, &products).await?)
}

/// In ascending order, each once: two calls cannot wait for each other.
fn checked(products: &[String]) -> Result<Vec<ProductId>, Error> {
    let mut faults = Faults::default();
    if products.len() > MAX_PRODUCTS {
        let message = format!("productIds: must not contain more than {MAX_PRODUCTS} ids");
        faults.add(UserErrorCode::TooLong, "productIds", message);
        return Ok(faults.finish(|| None)?);
    }
    let mut check = |(index, id): (usize, &String)| {
        faults.check(&format!("productIds.{index}"), id.parse::<ProductId>())
    };
    let mut found: Vec<ProductId> = products.iter().enumerate().filter_map(&mut check).collect();
    found.sort_unstable();
    found.dedup();
    Ok(faults.finish(|| Some(found))?)
}
