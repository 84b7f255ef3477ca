//! Adding a product to the catalogue.

use super::not_found;
use crate::domain::{Product, product_description, product_name};
use crate::store::product::NewProduct;
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use std::sync::Arc;

/// A new product as a client describes it.
pub(crate) struct CreateProduct {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: String,
    pub(crate) category_id: Option<String>,
    pub(crate) active: bool,
}

/// # Errors
/// [`Error::Refused`]: `BLANK`, `TOO_LONG`, `INVALID`, `OUT_OF_RANGE`, or `NOT_FOUND` for the category.
pub(crate) async fn create_product(
    catalogue: &Catalogue,
    input: CreateProduct,
) -> Result<Product, Error> {
    let new = Arc::new(checked(input)?);
    let now = catalogue.clock.now();
    catalogue
        .db
        .write(move |tx| {
            let new = Arc::clone(&new);
            Box::pin(async move {
                let product = store::product::insert(tx, &new, now).await?;
                product.ok_or_else(|| match new.category_id {
                    Some(id) => not_found("categoryId", "category", id),
                    None => Error::Refused(Vec::new()),
                })
            })
        })
        .await
}

fn checked(input: CreateProduct) -> Result<NewProduct, Error> {
    let mut faults = Faults::default();
    let name = faults.check("name", product_name(&input.name));
    let description = faults.check("description", product_description(&input.description));
    let price = faults.check("price", input.price.parse());
    let category_id = input.category_id.map(|id| id.parse());
    let category_id = faults.check_given("categoryId", category_id);
    let active = input.active;
    let new = faults.finish(|| {
        let (name, description, price) = (name?, description?, price?);
        Some(NewProduct { name, description, price, category_id, active })
    })?;
    Ok(new)
}
