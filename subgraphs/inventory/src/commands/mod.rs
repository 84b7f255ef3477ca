//! The write use cases, one file each. A command owns its transaction.

mod adjust_stock;
mod delete_stock_item;
mod end_stock;
mod expire_reservation;
mod fulfil_reservation;
mod prune_keys;
mod release_reservation;
mod reserve_stock;
mod set_stock;
mod settle;

pub(crate) use adjust_stock::{AdjustStock, adjust_stock};
pub(crate) use delete_stock_item::delete_stock_item;
pub(crate) use end_stock::end_stock;
pub(crate) use expire_reservation::expire_reservation;
pub(crate) use fulfil_reservation::fulfil_reservation;
pub(crate) use prune_keys::prune_keys;
pub(crate) use release_reservation::release_reservation;
pub(crate) use reserve_stock::{ReserveLine, ReserveStock, reserve_stock};
pub(crate) use set_stock::{SetStock, set_stock};

use crate::Error;
use crate::domain::{MAX_UNITS, ReservationId};
use chassis::graphql::{Faults, UserError, UserErrorCode};
use commerce::ProductId;
use std::fmt::Display;

fn refused(code: UserErrorCode, path: &str, message: impl Into<String>) -> Error {
    Error::Refused(vec![UserError::at(code, path, message)])
}

fn not_found(what: &str, id: impl Display) -> Error {
    refused(UserErrorCode::NotFound, "id", format!("{what} {id} does not exist"))
}

fn insufficient(path: &str, product: ProductId, available: i64) -> UserError {
    let message = format!("product {product} has {available} units available");
    UserError::at(UserErrorCode::InsufficientStock, path, message)
}

fn too_many(path: &str, product: ProductId) -> Error {
    let message = format!("product {product} can have at most {MAX_UNITS} units on hand");
    refused(UserErrorCode::OutOfRange, path, message)
}

/// A row that is locked did not take the change that it was checked for.
pub(crate) fn contradiction(what: impl Display) -> Error {
    Error::Contradiction(what.to_string())
}

fn reservation_id(id: &str) -> Result<ReservationId, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse::<ReservationId>());
    Ok(faults.finish(|| id)?)
}
