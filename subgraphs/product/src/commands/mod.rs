//! The write use cases, one file each. A command owns its transaction.

mod create_category;
mod create_product;
mod delete;
mod update_category;
mod update_product;

pub(crate) use create_category::create_category;
pub(crate) use create_product::{CreateProduct, create_product};
pub(crate) use delete::{delete_category, delete_product};
pub(crate) use update_category::update_category;
pub(crate) use update_product::{UpdateProduct, update_product};

use crate::Error;
use chassis::graphql::{UserError, UserErrorCode};
use std::fmt::Display;

fn not_found(path: &str, what: &str, id: impl Display) -> Error {
    Error::Refused(vec![UserError::at(
        UserErrorCode::NotFound,
        path,
        format!("{what} {id} does not exist"),
    )])
}

fn name_taken(name: &str) -> Error {
    let message = format!("there is another category called {name:?}");
    Error::Refused(vec![UserError::at(UserErrorCode::Taken, "name", message)])
}
