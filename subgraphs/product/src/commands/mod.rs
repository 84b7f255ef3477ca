//! The write use cases, one file each. A command owns its transaction.

mod create_category;
mod create_product;
mod delete;
mod deliver;
mod update_category;
mod update_product;

pub(crate) use create_category::create_category;
pub(crate) use create_product::{CreateProduct, create_product};
pub(crate) use delete::{delete_category, delete_product, delete_remaining};
pub(crate) use deliver::deliver_due;
pub(crate) use update_category::update_category;
pub(crate) use update_product::{UpdateProduct, update_product};

use crate::{Catalogue, Error, store};
use chassis::graphql::{UserError, UserErrorCode};
use commerce::CategoryId;
use std::fmt::Display;

fn not_found(path: &str, what: &str, id: impl Display) -> Error {
    Error::Refused(vec![UserError::at(
        UserErrorCode::NotFound,
        path,
        format!("{what} {id} does not exist"),
    )])
}

fn name_taken(name: &str) -> Error {
    Error::Refused(vec![name_is_taken(name)])
}

fn name_is_taken(name: &str) -> UserError {
    let message = format!("there is another category called {name:?}");
    UserError::at(UserErrorCode::Taken, "name", message)
}

/// The refusal of a category's description, and beside its faults that the name is another's: a
/// client learns all of it at once.
async fn with_taken(
    catalogue: &Catalogue,
    mut errors: Vec<UserError>,
    name: Option<String>,
    own: Option<CategoryId>,
) -> Error {
    if let Some(name) = name {
        match store::category::named(&catalogue.db, &name).await {
            Ok(Some(known)) if own != Some(known.id) => errors.push(name_is_taken(&name)),
            Ok(_) => {}
            Err(error) => return error.into(),
        }
    }
    Error::Refused(errors)
}
