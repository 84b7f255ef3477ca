//! How many units of a product there are.

use chrono::{DateTime, Utc};
use commerce::{ProductId, StockItemId};

/// The most units of one product.
pub(crate) const MAX_UNITS: i64 = 2_147_483_647;

/// The stock of one product, as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct StockItem {
    #[sqlx(rename = "stock_item_id")]
    pub(crate) id: StockItemId,
    pub(crate) product_id: ProductId,
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) updated_at: DateTime<Utc>,
}

impl StockItem {
    /// Units that can still be promised.
    pub(crate) const fn available(&self) -> i64 {
        self.on_hand - self.reserved
    }

    /// Whether so many more units (or fewer) keep on hand below [`MAX_UNITS`].
    pub(crate) fn has_room_for(&self, delta: i64) -> bool {
        self.on_hand.checked_add(delta).is_some_and(|on_hand| on_hand <= MAX_UNITS)
    }
}
