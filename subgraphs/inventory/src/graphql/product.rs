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

    /// Units that can still be promised; 0 for a product that was never stocked.
    async fn available_quantity(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        Ok(self.stock(ctx).await?.map_or(0, |item| int(item.available())))
    }

    /// Whether at least one unit can still be promised.
    async fn is_in_stock(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(self.stock(ctx).await?.is_some_and(|item| item.available() > 0))
    }

    /// Its stock in detail; null for a product that was never stocked.
    async fn stock_item(&self, ctx: &Context<'_>) -> Option<Result<StockItem, Error>> {
        self.stock(ctx).await.map(|found| found.map(StockItem)).transpose()
    }
}

impl Product {
    async fn stock(&self, ctx: &Context<'_>) -> Result<Option<domain::StockItem>, Error> {
        ctx.data_unchecked::<DataLoader<Loaders>>().load_one(self.0).await
    }
}
