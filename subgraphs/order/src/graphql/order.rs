//! `Order`, its lines and its events.

use super::Loaders;
use super::loaders::{EventsOf, LinesOf};
use super::references::{Product, User};
use super::status::OrderStatus;
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject};
use chassis::graphql::{DateTime, Money};

/// What somebody bought, at the prices of that moment.
pub(crate) struct Order(pub(crate) domain::Order);

/// What somebody bought, at the prices of that moment.
#[Object]
impl Order {
    /// Identifies the order; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the order among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("Order", self.0.id)
    }

    /// Who ordered. Null when the account no longer exists.
    async fn user(&self) -> Option<User> {
        Some(User(self.0.user_id))
    }

    /// The id of the user who placed the order, also after the account was deleted.
    async fn user_id(&self) -> ID {
        ID(self.0.user_id.to_string())
    }

    /// Where the order stands.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// Where the order can go from here.
    async fn allowed_transitions(&self) -> Vec<OrderStatus> {
        self.0.status.allowed_transitions().map(Into::into).collect()
    }

    /// What was bought, in the order in which it was asked for; 1 to 100 lines.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<OrderLine>, Error> {
        let lines = match &self.0.lines {
            Some(lines) => lines.clone(),
            None => {
                let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
                loaders.load_one(LinesOf(self.0.id)).await?.unwrap_or_default()
            }
        };
        Ok(lines.into_iter().map(OrderLine).collect())
    }

    /// The sum of the lines.
    async fn total(&self) -> Money {
        self.0.total.into()
    }

    /// Where it goes.
    async fn shipping_address(&self) -> &str {
        &self.0.shipping_address
    }

    /// Each status that the order took on, oldest first; there are at most five.
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<OrderEvent>, Error> {
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let events = loaders.load_one(EventsOf(self.0.id)).await?.unwrap_or_default();
        Ok(events.into_iter().map(OrderEvent::from).collect())
    }

    /// When it was placed.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

/// Some units of one product.
pub(crate) struct OrderLine(domain::OrderLine);

/// Some units of one product.
#[Object]
impl OrderLine {
    /// Identifies the line; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What was bought, as it is now. Null when the product no longer exists; productName still
    /// says what was bought.
    async fn product(&self) -> Option<Product> {
        Some(Product::new(self.0.product_id))
    }

    /// The id of the product, also after the product was deleted.
    async fn product_id(&self) -> ID {
        ID(self.0.product_id.to_string())
    }

    /// What it was called at the time of the order.
    async fn product_name(&self) -> &str {
        &self.0.product_name
    }

    /// How many units; 1 to 1,000,000.
    async fn quantity(&self) -> i32 {
        i32::try_from(self.0.quantity.get()).unwrap_or(i32::MAX)
    }

    /// What one unit cost at the time of the order.
    async fn unit_price(&self) -> Money {
        self.0.unit_price.into()
    }

    /// quantity × unitPrice.
    async fn line_total(&self) -> Money {
        // A line whose product exceeds the greatest amount was never accepted.
        self.0.unit_price.checked_mul(self.0.quantity).unwrap_or(commerce::Money::MAX).into()
    }
}

/// A status that an order took on.
#[derive(SimpleObject)]
pub(crate) struct OrderEvent {
    /// The status.
    status: OrderStatus,
    /// When it did.
    created_at: DateTime,
}

impl From<domain::OrderEvent> for OrderEvent {
    fn from(event: domain::OrderEvent) -> Self {
        Self { status: event.status.into(), created_at: event.created_at.into() }
    }
}

chassis::connection!(OrderConnection, OrderEdge, Order, Error, "orders");
