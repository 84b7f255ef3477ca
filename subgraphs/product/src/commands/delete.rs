//! Deleting products and categories. Orders keep what they say about them; the stock ends, which
//! the outbox reports to the inventory.

use super::deliver::deliver_now;
use super::not_found;
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use chassis::step;
use commerce::{CategoryId, ProductId};

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

/// Deletes the category's products too.
///
/// # Errors
/// [`Error::Refused`]: `INVALID` or `NOT_FOUND`.
pub(crate) async fn delete_category(catalogue: &Catalogue, id: &str) -> Result<CategoryId, Error> {
    let id: CategoryId = checked(id)?;
    let now = catalogue.clock.now();
    let delete = catalogue.db.write(move |tx| {
        Box::pin(async move {
            // Before the products are gone, and undone with the rest if there is no such category.
            store::outbox::append_category(tx, id, now).await?;
            if !store::category::delete(tx, id).await? {
                return Err(not_found("id", "category", id));
            }
            Ok(())
        })
    });
    step!("category/delete", delete)?;
    deliver_now(catalogue).await;
    Ok(id)
}

fn checked<T: std::str::FromStr<Err = commerce::InvalidId>>(id: &str) -> Result<T, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    Ok(faults.finish(|| id)?)
}
