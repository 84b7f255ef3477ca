//! What mutations answer: the thing, or why not.

use super::reservation::Reservation;
use super::stock_item::StockItem;
use async_graphql::{ID, SimpleObject};
use chassis::graphql::UserError;

/// What `setStock` did.
#[derive(SimpleObject)]
pub(crate) struct SetStockPayload {
    /// The stock as it is now; null when there are user errors.
    pub(crate) stock_item: Option<StockItem>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `adjustStock` did.
#[derive(SimpleObject)]
pub(crate) struct AdjustStockPayload {
    /// The stock as it is now; null when there are user errors, or when the same idempotencyKey
    /// was answered before and the stock item was deleted since.
    pub(crate) stock_item: Option<StockItem>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `deleteStockItem` did.
#[derive(SimpleObject)]
pub(crate) struct DeleteStockItemPayload {
    /// The id that is gone; null when there are user errors.
    pub(crate) deleted_stock_item_id: Option<ID>,
    /// The `nodeId` of the deleted stock item, or null if there are user errors. For Relay's
    /// `@deleteEdge` and `@deleteRecord`.
    pub(crate) deleted_node_id: Option<ID>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// The result of `endStock`.
#[derive(SimpleObject)]
pub(crate) struct EndStockPayload {
    /// The ids of the products whose stock has ended, each once. Null if there are user errors.
    pub(crate) ended_product_ids: Option<Vec<ID>>,
    /// The errors that prevented the change. Empty on success.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `reserveStock`, `releaseReservation` or `fulfilReservation` did.
#[derive(SimpleObject)]
pub(crate) struct ReservationPayload {
    /// The reservation as it is now; null when there are user errors.
    pub(crate) reservation: Option<Reservation>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}
