//! `Category` and its connection.

use super::{
    Loaders,
    loaders::ProductCountOf,
    product::{Product, ProductConnection},
};
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{DateTime, Page, PageArgs, PageOf};

/// A shelf of the catalogue.
pub(crate) struct Category(pub(crate) domain::Category);

/// A shelf of the catalogue.
#[Object]
impl Category {
    /// Identifies the category; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the category among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("Category", self.0.id)
    }

    /// What it is called; at most 100 characters, unique.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What there is to say about it; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// When it was opened.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Its products, active or not, oldest first.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<ProductConnection, Error> {
        let category = self.0.id;
        let page = Page::new("Category.products", &PageArgs { first, after, last, before })?;
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let key = PageOf { parent: category, page };
        // The loader answers every key.
        let slice = loaders.load_one(key.clone()).await?.unwrap_or_else(|| key.page.empty());
        Ok(ProductConnection::new(
            slice,
            Product,
            Box::new(move |ctx| {
                Box::pin(async move {
                    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
                    Ok(loaders.load_one(ProductCountOf(category)).await?.unwrap_or(0))
                })
            }),
        ))
    }
}

chassis::connection!(CategoryConnection, CategoryEdge, Category, Error, "categories");
