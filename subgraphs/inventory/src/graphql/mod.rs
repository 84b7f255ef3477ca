//! The subgraph's schema. Doc comments here are what clients read.

mod loaders;
mod movement;
mod mutation;
mod node;
mod payloads;
mod product;
mod query;
mod reservation;
mod stock_item;

pub(crate) use loaders::Loaders;

use crate::{Error, Inventory};
use async_graphql::{EmptySubscription, SDLExportOptions, Schema, SchemaBuilder};
use chassis::graphql::ErrorCodes;
use mutation::Mutation;
use node::Node;
use query::Query;

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .register_output_type::<Node>()
        .extension(ErrorCodes::<Error>::default())
}

pub(crate) fn schema(inventory: Inventory) -> Schema<Query, Mutation, EmptySubscription> {
    builder().data(inventory).finish()
}

pub(crate) fn sdl() -> String {
    builder().finish().sdl_with_options(SDLExportOptions::new().federation())
}

/// Counters are from 0 to 2147483647, which is what an `Int` holds.
fn int(units: i64) -> i32 {
    i32::try_from(units).unwrap_or(if units < 0 { i32::MIN } else { i32::MAX })
}
