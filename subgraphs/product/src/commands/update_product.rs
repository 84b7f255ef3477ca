//! Changing a product.

use super::not_found;
use crate::domain::{Product, product_description, product_name};
use crate::store::product::Changes;
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use commerce::ProductId;
use std::sync::Arc;

/// What a client wants changed; what is `None` stays.
pub(crate) struct UpdateProduct {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) price: Option<String>,
    /// `Some(None)` takes the product out of its category.
    pub(crate) category_id: Option<Option<String>>,
    pub(crate) active: Option<bool>,
}

/// # Errors
/// [`Error::Refused`]: as for creating a product, and `NOT_FOUND` for the product.
pub(crate) async fn update_product(
    catalogue: &Catalogue,
    id: &str,
    input: UpdateProduct,
) -> Result<Product, Error> {
    let (id, changes) = checked(id, input)?;
    let changes = Arc::new(changes);
    let now = catalogue.clock.now();
    catalogue
        .db
        .write(move |tx| {
            let changes = Arc::clone(&changes);
            Box::pin(async move {
                let updated = store::product::update(tx, id, &changes, now).await;
                match (updated, changes.category_id.flatten()) {
                    (Err(error), Some(category)) if error.is_foreign_key_violation() => {
                        Err(not_found("categoryId", "category", category))
                    }
                    (updated, category) => {
                        let product = updated?.ok_or_else(|| not_found("id", "product", id))?;
                        if let Some(category) = category
                            && !store::category::exists(tx, category).await?
                        {
                            return Err(not_found("categoryId", "category", category));
                        }
                        Ok(product)
                    }
                }
            })
        })
        .await
}

fn checked(id: &str, input: UpdateProduct) -> Result<(ProductId, Changes), Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    let name = faults.check_given("name", input.name.as_deref().map(product_name));
    let description = input.description.as_deref().map(product_description);
    let description = faults.check_given("description", description);
    let price = faults.check_given("price", input.price.map(|price| price.parse()));
    let category_id = input
        .category_id
        .map(|category| category.and_then(|category| faults.check("categoryId", category.parse())));
    let active = input.active;
    let changes = Changes { name, description, price, category_id, active };
    Ok(faults.finish(|| id.map(|id| (id, changes)))?)
}
