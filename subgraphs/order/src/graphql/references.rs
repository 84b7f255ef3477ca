//! What other subgraphs own and orders refer to.

use super::Loaders;
use super::loaders::OrderCountOf;
use super::order::{Order, OrderConnection};
use crate::Error;
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject};
use chassis::graphql::{Page, PageArgs, PageOf};
use commerce::UserId;

/// What is shown and sold.
#[derive(SimpleObject)]
#[graphql(unresolvable)]
pub(crate) struct Product {
    /// Identifies the product; a whole number from 1.
    pub(crate) id: ID,
}

/// Somebody with an account.
pub(crate) struct User(pub(crate) UserId);

/// Somebody with an account.
#[Object]
impl User {
    /// Identifies the user; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// What this user ordered, newest first.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<OrderConnection, Error> {
        let user = self.0;
        let page = Page::new("User.orders", &PageArgs { first, after, last, before })?;
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let key = PageOf { parent: user, page };
        // The loader answers every key.
        let slice = loaders.load_one(key.clone()).await?.unwrap_or_else(|| key.page.empty());
        Ok(OrderConnection::new(
            slice,
            Order,
            Box::new(move |ctx| {
                Box::pin(async move {
                    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
                    Ok(loaders.load_one(OrderCountOf(user)).await?.unwrap_or(0))
                })
            }),
        ))
    }
}
