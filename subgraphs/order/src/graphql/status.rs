//! `OrderStatus` as clients know it.

use crate::domain;
use async_graphql::Enum;

/// Where an order stands: forward from PENDING to DELIVERED by one or more steps, or CANCELLED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OrderStatus")]
pub(crate) enum OrderStatus {
    /// Placed; its stock is reserved.
    Pending,
    /// Accepted; its stock is reserved.
    Confirmed,
    /// On its way; its stock has left the house.
    Shipped,
    /// Arrived. Nothing follows.
    Delivered,
    /// Called off; its stock was given back. Nothing follows.
    Cancelled,
}
