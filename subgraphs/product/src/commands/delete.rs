//! Taking things out of the catalogue. Orders keep what they say about them.

use super::not_found;
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use commerce::{CategoryId, ProductId};

/// # Errors
/// [`Error::Refused`]: `INVALID` or `NOT_FOUND`.
pub(crate) async fn delete_product(catalogue: &Catalogue, id: &str) -> Result<ProductId, Error> {
    let id: ProductId = checked(id)?;
    let deleted: Result<bool, Error> = catalogue
        .db
        .write(move |tx| Box::pin(async move { Ok(store::product::delete(tx, id).await?) }))
        .await;
    if deleted? { Ok(id) } else { Err(not_found("id", "product", id)) }
}

/// Deletes the category's products too.
///
/// # Errors
/// [`Error::Refused`]: `INVALID` or `NOT_FOUND`.
pub(crate) async fn delete_category(catalogue: &Catalogue, id: &str) -> Result<CategoryId, Error> {
    let id: CategoryId = checked(id)?;
    let deleted: Result<bool, Error> = catalogue
        .db
        .write(move |tx| Box::pin(async move { Ok(store::category::delete(tx, id).await?) }))
        .await;
    if deleted? { Ok(id) } else { Err(not_found("id", "category", id)) }
}

fn checked<T: std::str::FromStr<Err = commerce::InvalidId>>(id: &str) -> Result<T, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    Ok(faults.finish(|| id)?)
}
