//! Deleting products and categories. Orders keep what they say about them; the stock ends, which
//! the outbox reports to the inventory.

use super::deliver::deliver_now;
use super::not_found;
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use chassis::step;
use commerce::{CategoryId, ProductId};

/// Products of a category that one transaction deletes.
const BATCH: i64 = 200;
/// Transactions of this kind before the client is answered.
const BATCHES_AT_ONCE: usize = 5;

/// # Errors
/// [`Error::Refused`]: `INVALID` or `NOT_FOUND`.
pub(crate) async fn delete_product(catalogue: &Catalogue, id: &str) -> Result<ProductId, Error> {
    let id: ProductId = checked(id)?;
    let now = catalogue.clock.now();
    let delete = catalogue.db.write(move |tx| {
        Box::pin(async move {
            if !store::product::delete(tx, id).await? {
                return Err(not_found("id", "product", id));
            }
            Ok(store::outbox::append(tx, id, now).await?)
        })
    });
    step!("product/delete", delete)?;
    deliver_now(catalogue).await;
    Ok(id)
}

/// Deletes the category and its products. The category is gone when this returns. Of its products
/// the first are; the worker deletes the others, in transactions that other writes need not wait for.
///
/// # Errors
/// [`Error::Refused`]: `INVALID` or `NOT_FOUND`.
pub(crate) async fn delete_category(catalogue: &Catalogue, id: &str) -> Result<CategoryId, Error> {
    let id: CategoryId = checked(id)?;
    let now = catalogue.clock.now();
    let delete = catalogue.db.write(move |tx| {
        Box::pin(async move {
            if !store::category::begin_delete(tx, id, now).await? {
                return Err(not_found("id", "category", id));
            }
            Ok(())
        })
    });
    step!("category/delete", delete)?;
    for _ in 0..BATCHES_AT_ONCE {
        match delete_batch(catalogue, id).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                tracing::warn!(%error, "Products of a deleted category remain; will retry.");
                break;
            }
        }
    }
    deliver_now(catalogue).await;
    Ok(id)
}

/// Deletes the next products of a category that is being deleted, if there is one; returns whether
/// there was.
///
/// # Errors
/// When the database fails.
pub(crate) async fn delete_remaining(catalogue: &Catalogue) -> Result<bool, Error> {
    match store::category::being_deleted(&catalogue.db).await? {
        Some(category) => delete_batch(catalogue, category).await.map(|_| true),
        None => Ok(false),
    }
}

/// Deletes the next products of a category that is being deleted, and its row when there are no more;
/// returns whether there may be more to delete.
async fn delete_batch(catalogue: &Catalogue, category: CategoryId) -> Result<bool, Error> {
    let now = catalogue.clock.now();
    let delete = catalogue.db.write(move |tx| {
        Box::pin(async move {
            if !store::category::lock_being_deleted(tx, category).await? {
                return Ok(false);
            }
            let products = store::product::lock_some_of(tx, category, BATCH).await?;
            if !products.is_empty() {
                store::outbox::append_all(tx, &products, now).await?;
                store::product::delete_all(tx, &products).await?;
            }
            let has_more = i64::try_from(products.len()).is_ok_and(|count| count == BATCH);
            if !has_more {
                store::category::end_delete(tx, category).await?;
            }
            Ok::<_, Error>(has_more)
        })
    });
    step!("category/products", delete)
}

fn checked<T: std::str::FromStr<Err = commerce::InvalidId>>(id: &str) -> Result<T, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    Ok(faults.finish(|| id)?)
}
