//! An order.

use super::{OrderLine, OrderStatus};
use chrono::{DateTime, Utc};
use commerce::text::{self, InvalidText};
use commerce::{Money, OrderId, UserId};
use uuid::Uuid;

/// Most characters of a shipping address.
const ADDRESS_CHARS: usize = 100_000;

/// An order as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Order {
    #[sqlx(rename = "order_id")]
    pub(crate) id: OrderId,
    pub(crate) user_id: UserId,
    pub(crate) status: OrderStatus,
    pub(crate) total: Money,
    pub(crate) shipping_address: String,
    pub(crate) reservation_id: Uuid,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    /// The lines, where they are at hand already.
    #[sqlx(skip)]
    pub(crate) lines: Option<Vec<OrderLine>>,
}

/// A status that an order took on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct OrderEvent {
    #[sqlx(rename = "order_event_id")]
    pub(crate) id: i64,
    pub(crate) order_id: OrderId,
    pub(crate) status: OrderStatus,
    pub(crate) created_at: DateTime<Utc>,
}

/// Where an order goes: any text that is not blank.
pub(crate) fn shipping_address(text: &str) -> Result<String, InvalidText> {
    text::required(text, ADDRESS_CHARS)
}
