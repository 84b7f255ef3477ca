//! What other subgraphs own and orders refer to.

use super::Loaders;
use super::loaders::OrderCountOf;
use super::order::{Order, OrderConnection};
use crate::Error;
use async_graphql::dataloader::DataLoader;
use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use chassis::graphql::{Page, PageArgs, PageOf, node_id};
use commerce::UserId;
use std::fmt::Display;

macro_rules! references {
    ($($(#[doc = $description:literal])+ $name:ident, $id:literal, $node_id:literal;)+) => {$(
        $(#[doc = $description])+
        #[derive(SimpleObject)]
        #[graphql(complex, unresolvable = "id")]
        pub(crate) struct $name {
            #[doc = $id]
            id: ID,
        }

        #[ComplexObject]
        impl $name {
            #[doc = $node_id]
            #[graphql(shareable)]
            pub(super) async fn node_id(&self) -> ID {
                node_id(stringify!($name), &self.id.0)
            }
        }

        impl $name {
            /// Whether the entity exists, only the subgraph that owns it knows.
            pub(crate) fn new(id: impl Display) -> Self {
                Self { id: ID(id.to_string()) }
            }
        }
    )+};
}

references! {
    /// What is shown and sold.
    Product, "Identifies the product; a whole number from 1.",
    "Identifies the product among all entities of the shop, as Relay expects.";
    /// A shelf of the catalogue.
    Category, "Identifies the category; a whole number from 1.",
    "Identifies the category among all entities of the shop, as Relay expects.";
    /// How many units of a product there are.
    StockItem, "Identifies the stock item; a whole number from 1, not the product's.",
    "Identifies the stock item among all entities of the shop, as Relay expects.";
    /// A promise of units to one order.
    Reservation, "Identifies the reservation; a UUID that its caller chose.",
    "Identifies the reservation among all entities of the shop, as Relay expects.";
    /// How to reach a user. Each user has one.
    Profile, "Identifies the profile; a whole number from 1.",
    "Identifies the profile among all entities of the shop, as Relay expects.";
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

    /// Identifies the user among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("User", self.0)
    }

    /// The user's orders, newest first. Null, with an error, while the order subgraph is
    /// unavailable.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<Option<OrderConnection>, Error> {
        let user = self.0;
        let page = Page::new("User.orders", &PageArgs { first, after, last, before })?;
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let key = PageOf { parent: user, page };
        // The loader answers every key.
        let slice = loaders.load_one(key.clone()).await?.unwrap_or_else(|| key.page.empty());
        Ok(Some(OrderConnection::new(
            slice,
            Order,
            Box::new(move |ctx| {
                Box::pin(async move {
                    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
                    Ok(loaders.load_one(OrderCountOf(user)).await?.unwrap_or(0))
                })
            }),
        )))
    }
}
