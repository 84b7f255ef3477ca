//! Opening a category.

use super::{name_taken, with_taken};
use crate::domain::{Category, category_description, category_name};
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use std::sync::Arc;

/// # Errors
/// [`Error::Refused`]: `BLANK`, `TOO_LONG`, `INVALID`, `TAKEN`.
pub(crate) async fn create_category(
    catalogue: &Catalogue,
    name: &str,
    description: &str,
) -> Result<Category, Error> {
    let mut faults = Faults::default();
    let name = faults.check("name", category_name(name));
    let description = faults.check("description", category_description(description));
    let new = match faults.finish(|| name.clone().zip(description)) {
        Ok(new) => Arc::new(new),
        Err(errors) => return Err(with_taken(catalogue, errors, name, None).await),
    };

    let now = catalogue.clock.now();
    catalogue
        .db
        .write(move |tx| {
            let new = Arc::clone(&new);
            Box::pin(async move {
                let (name, description) = &*new;
                let category = store::category::insert(tx, name, description, now).await?;
                category.ok_or_else(|| name_taken(name))
            })
        })
        .await
}
