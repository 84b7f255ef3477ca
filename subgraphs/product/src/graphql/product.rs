//! `Product` and its connection.

use super::{Loaders, category::Category};
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{DateTime, Money};

/// What is shown and sold.
pub(crate) struct Product(pub(crate) domain::Product);

/// What is shown and sold.
#[Object]
impl Product {
    /// Identifies the product; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the product among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("Product", self.0.id)
    }

    /// What it is called; at most 200 characters, not unique.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What there is to say about it.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// What one unit costs now. Orders keep the price of their own moment.
    async fn price(&self) -> Money {
        self.0.price.into()
    }

    /// The shelf it stands on; null when it stands on none.
    async fn category(&self, ctx: &Context<'_>) -> Option<Result<Category, Error>> {
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let category = loaders.load_one(self.0.category_id?).await;
        category.map(|found| found.map(Category)).transpose()
    }

    /// Offered for sale. An inactive product still resolves wherever an order names it.
    async fn is_active(&self) -> bool {
        self.0.active
    }

    /// When it came into the catalogue.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed. Its stock has a time of its own.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

chassis::connection!(ProductConnection, ProductEdge, Product, Error, "products");
