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
    /// Why nothing changed; empty when it worked.
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
