//! The write use cases, one file each. A command owns its transactions.

mod change_order;
mod delete_order;
mod place_order;
mod prune_keys;
mod record_placement;
mod settle;
mod sweep;
mod turns;

pub(crate) use change_order::{UpdateOrder, cancel_order, update_order};
pub(crate) use delete_order::delete_order;
pub(crate) use place_order::{PlaceOrder, given_up, place_order};
pub(crate) use prune_keys::prune_keys;
pub(crate) use record_placement::ATTENDED;
pub(crate) use settle::{settle, settle_due};
pub(crate) use sweep::sweep;
pub(crate) use turns::Turns;

use crate::Error;
use crate::domain::OrderStatus;
use chassis::graphql::{UserError, UserErrorCode};
use commerce::OrderId;

fn refused(code: UserErrorCode, path: &str, message: String) -> Error {
    Error::Refused(vec![UserError::at(code, path, message)])
}

fn order_not_found(id: OrderId) -> Error {
    refused(UserErrorCode::NotFound, "id", format!("order {id} does not exist"))
}

fn illegal_transition(from: OrderStatus, to: OrderStatus) -> Error {
    let message = format!("An order that is {from} cannot become {to}.");
    Error::Refused(vec![UserError::whole(UserErrorCode::IllegalTransition, message)])
}
