//! Changing a category.

use super::{name_taken, not_found, with_taken};
use crate::domain::{Category, category_description, category_name};
use crate::{Catalogue, Error, store};
use chassis::graphql::Faults;
use std::sync::Arc;

/// Changes what is given.
///
/// # Errors
/// [`Error::Refused`]: as for creating a category, and `NOT_FOUND`.
pub(crate) async fn update_category(
    catalogue: &Catalogue,
    id: &str,
    name: Option<&str>,
    description: Option<&str>,
) -> Result<Category, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    let name = faults.check_given("name", name.map(category_name));
    let description = faults.check_given("description", description.map(category_description));
    let changes = match faults.finish(|| id.map(|id| (id, name.clone(), description))) {
        Ok(changes) => Arc::new(changes),
        Err(errors) => return Err(with_taken(catalogue, errors, name, id).await),
    };

    catalogue
        .db
        .write(move |tx| {
            let changes = Arc::clone(&changes);
            Box::pin(async move {
                let (id, name, description) = (*changes).clone();
                let updated = store::category::update(tx, id, name.clone(), description).await;
                match (updated, name) {
                    (Err(error), Some(name)) if error.is_unique_violation() => {
                        Err(name_taken(&name))
                    }
                    (updated, _) => updated?.ok_or_else(|| not_found("id", "category", id)),
                }
            })
        })
        .await
}
