//! What can be read.

use super::Loaders;
use super::input::OrderFilter;
use super::node::{self, Node};
use super::order::{Order, OrderConnection};
use super::references::User;
use crate::{Error, Orders, store};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{Page, PageArgs};
use commerce::OrderId;
use futures::future::join_all;
use std::sync::Arc;

/// The maximum number of entities that `nodes` returns.
const MAX_NODES: usize = 100;

pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The order with this id; null when there is none.
    async fn order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
    ) -> Option<Result<Order, Error>> {
        match id.parse() {
            Ok(id) => one(ctx, id).await,
            Err(error) => Some(Err(Error::InvalidId(error))),
        }
    }

    /// The orders, newest first.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these; all of them when left out.")] filter: Option<OrderFilter>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<OrderConnection, Error> {
        let filter = filter.unwrap_or_default().checked()?;
        let page = Page::new("orders", &PageArgs { first, after, last, before })?;
        let db = &ctx.data_unchecked::<Arc<Orders>>().db;
        let rows = store::order::page(db, filter, &page).await?;
        let slice = page.slice(rows, |order| i64::from(order.id));
        Ok(OrderConnection::new(
            slice,
            Order,
            Box::new(move |ctx| {
                Box::pin(async move {
                    let db = &ctx.data_unchecked::<Arc<Orders>>().db;
                    Ok(store::order::count(db, filter).await?)
                })
            }),
        ))
    }

    /// The entity with this `nodeId`. Null if there is no such entity.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `nodeId` of an entity of any type.")] id: ID,
    ) -> Option<Result<Node, Error>> {
        node::find(ctx, &id).await
    }

    /// The entities with these `nodeId`s, in the same order. Null in place of each entity that does
    /// not exist.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `nodeId`s of entities of any type. At most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node, Error>>>, Error> {
        if ids.len() > MAX_NODES {
            return Err(Error::TooManyNodes(MAX_NODES));
        }
        Ok(join_all(ids.iter().map(|id| node::find(ctx, id))).await)
    }

    // An id that is none names nothing: an error here would fail the whole batch.
    #[graphql(entity)]
    async fn order_entity(&self, ctx: &Context<'_>, id: ID) -> Option<Result<Order, Error>> {
        one(ctx, id.parse().ok()?).await
    }

    #[graphql(entity)]
    async fn user_entity(&self, id: ID) -> Option<User> {
        id.parse().ok().map(User)
    }
}

async fn one(ctx: &Context<'_>, id: OrderId) -> Option<Result<Order, Error>> {
    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
    loaders.load_one(id).await.map(|order| order.map(Order)).transpose()
}
