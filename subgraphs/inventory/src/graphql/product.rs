//! What the inventory contributes to `Product`.

use super::{Loaders, int, stock_item::StockItem};
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use commerce::ProductId;

/// A product, of which the inventory knows the id only. It may or may not be in the catalogue.
pub(crate) struct Product(pub(crate) ProductId);

/// What is shown and sold.
#[Object]
impl Product {
    /// Identifies the product; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// Identifies the product among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("Product", self.0)
    }

    // Nullable, as every field of an entity that another subgraph owns: while the inventory is
    // unavailable, the rest of the product is still returned.
    /// The number of units available for sale: on hand minus reserved. 0 if the product has no
    /// stock item. Null, with an error, while the inventory is unavailable.
    async fn available_quantity(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        Ok(Some(self.stock(ctx).await?.map_or(0, |item| int(item.available()))))
    }

    /// Whether at least one unit is available for sale. Null, with an error, while the inventory is
    /// unavailable.
    async fn is_in_stock(&self, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
        Ok(Some(self.stock(ctx).await?.is_some_and(|item| item.available() > 0)))
    }

    /// The stock of the product in detail. Null if the product has no stock item.
    async fn stock_item(&self, ctx: &Context<'_>) -> Option<Result<StockItem, Error>> {
        self.stock(ctx).await.map(|found| found.map(StockItem)).transpose()
    }
}

impl Product {
    async fn stock(&self, ctx: &Context<'_>) -> Result<Option<domain::StockItem>, Error> {
        ctx.data_unchecked::<DataLoader<Loaders>>().load_one(self.0).await
    }
}
