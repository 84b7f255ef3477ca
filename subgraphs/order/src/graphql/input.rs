//! What clients send.

use super::status::OrderStatus;
use crate::commands::{PlaceOrder, UpdateOrder};
use crate::store::order::Filter;
use async_graphql::{ID, InputObject};
use chassis::graphql::Decimal;
use commerce::InvalidId;

/// Which orders a list holds; every condition that is given must be met.
#[derive(InputObject, Default)]
pub(crate) struct OrderFilter {
    /// Only this user's.
    user_id: Option<ID>,
    /// Only those that stand here.
    status: Option<OrderStatus>,
}

impl OrderFilter {
    pub(crate) fn checked(self) -> Result<Filter, InvalidId> {
        Ok(Filter {
            user_id: self.user_id.map(|id| id.parse()).transpose()?,
            status: self.status.map(Into::into),
        })
    }
}

/// An order as a client asks for it.
#[derive(InputObject)]
pub(crate) struct PlaceOrderInput {
    /// Who orders.
    user_id: ID,
    /// Where it goes; not blank.
    shipping_address: String,
    /// What is ordered; 1 to 100 lines. A product may occur on several of them.
    lines: Vec<OrderLineInput>,
    /// The client's name for this attempt, 1 to 255 characters, among those of the same userId. For
    /// 24 hours at least, the same key with the same input answers with the same order, as it is
    /// now, and with extensions.idempotentReplay; with another input with IDEMPOTENCY_CONFLICT;
    /// while the first request still runs with CONFLICT; when the order was deleted with NOT_FOUND.
    idempotency_key: Option<String>,
    /// Refuse with PRICE_CHANGED unless the total is exactly this.
    expected_total: Option<Decimal>,
}

/// Some units of one product.
#[derive(InputObject)]
pub(crate) struct OrderLineInput {
    /// Which product.
    product_id: ID,
    /// How many units; 1 to 1,000,000.
    quantity: i32,
}

impl From<PlaceOrderInput> for PlaceOrder {
    fn from(input: PlaceOrderInput) -> Self {
        let line = |line: OrderLineInput| (line.product_id.0, i64::from(line.quantity));
        Self {
            user_id: input.user_id.0,
            shipping_address: input.shipping_address,
            lines: input.lines.into_iter().map(line).collect(),
            idempotency_key: input.idempotency_key,
            expected_total: input.expected_total.map(|total| total.0),
        }
    }
}

/// What to change about an order; fields left out stay as they are.
#[derive(InputObject)]
pub(crate) struct UpdateOrderInput {
    /// Where the order goes in its life cycle; CANCELLED gives the stock back. Naming the current
    /// status again changes nothing.
    status: Option<OrderStatus>,
    /// Where it is sent; not blank.
    shipping_address: Option<String>,
}

impl From<UpdateOrderInput> for UpdateOrder {
    fn from(input: UpdateOrderInput) -> Self {
        Self { status: input.status.map(Into::into), shipping_address: input.shipping_address }
    }
}
