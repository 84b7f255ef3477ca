//! The subgraph's schema. Doc comments here are what clients read.

mod input;
mod loaders;
mod mutation;
mod node;
mod order;
mod payloads;
mod query;
mod references;
mod status;
mod subscription;

pub(crate) use loaders::Loaders;

use crate::{Error, Orders};
use async_graphql::{SDLExportOptions, Schema, SchemaBuilder};
use chassis::graphql::ErrorCodes;
use mutation::Mutation;
use query::Query;
use std::sync::Arc;
use subscription::Subscription;

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        .enable_federation()
        .enable_subscription_in_federation()
        .extension(ErrorCodes::<Error>::default())
}

pub(crate) fn schema(orders: Arc<Orders>) -> Schema<Query, Mutation, Subscription> {
    builder().data(orders).finish()
}

pub(crate) fn sdl() -> String {
    builder().finish().sdl_with_options(SDLExportOptions::new().federation())
}
