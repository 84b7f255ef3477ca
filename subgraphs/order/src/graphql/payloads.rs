//! What mutations answer: the thing, or why not.

use super::order::Order;
use async_graphql::{ID, SimpleObject};
use chassis::graphql::UserError;

/// What `placeOrder` did.
#[derive(SimpleObject)]
pub(crate) struct PlaceOrderPayload {
    /// The order; null when there are user errors.
    pub(crate) order: Option<Order>,
    /// Why nothing was placed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What became of an order.
#[derive(SimpleObject)]
pub(crate) struct OrderPayload {
    /// The order as it is now; null when there are user errors.
    pub(crate) order: Option<Order>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `deleteOrder` did.
#[derive(SimpleObject)]
pub(crate) struct DeleteOrderPayload {
    /// The id that is gone; null when there are user errors.
    pub(crate) deleted_order_id: Option<ID>,
    /// The `nodeId` of the deleted order, or null if there are user errors. For Relay's
    /// `@deleteEdge` and `@deleteRecord`.
    pub(crate) deleted_node_id: Option<ID>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}
