//! `StockItem` and its connection.

use super::movement::{StockMovement, StockMovementConnection};
use super::{Loaders, int, loaders::MovementCountOf, product::Product};
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{DateTime, Page, PageArgs, PageOf};

/// How many units of a product there are.
pub(crate) struct StockItem(pub(crate) domain::StockItem);

/// How many units of a product there are.
#[Object]
impl StockItem {
    /// Identifies the stock item; a whole number from 1, not the product's.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the stock item among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("StockItem", self.0.id)
    }

    // Nullable, because only the catalogue knows whether there is such a product.
    /// Whose units these are. Null when the product no longer exists.
    async fn product(&self) -> Option<Product> {
        Some(Product(self.0.product_id))
    }

    /// The id of the product, also after the product was deleted.
    async fn product_id(&self) -> ID {
        ID(self.0.product_id.to_string())
    }

    /// Units physically held.
    async fn on_hand(&self) -> i32 {
        int(self.0.on_hand)
    }

    /// Units promised to orders and not yet shipped.
    async fn reserved(&self) -> i32 {
        int(self.0.reserved)
    }

    /// onHand - reserved.
    async fn available(&self) -> i32 {
        int(self.0.available())
    }

    /// What changed its counters, newest first.
    async fn movements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<StockMovementConnection, Error> {
        let product = self.0.product_id;
        let page = Page::new("StockItem.movements", &PageArgs { first, after, last, before })?;
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let key = PageOf { parent: product, page };
        // The loader answers every key.
        let slice = loaders.load_one(key.clone()).await?.unwrap_or_else(|| key.page.empty());
        Ok(StockMovementConnection::new(
            slice,
            StockMovement,
            Box::new(move |ctx| {
                Box::pin(async move {
                    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
                    Ok(loaders.load_one(MovementCountOf(product)).await?.unwrap_or(0))
                })
            }),
        ))
    }

    /// When a counter last changed, or was counted.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

chassis::connection!(StockItemConnection, StockItemEdge, StockItem, Error, "stock items");
