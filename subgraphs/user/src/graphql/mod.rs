//! The subgraph's schema. Doc comments here are what clients read.

mod loaders;
mod mutation;
mod node;
mod payloads;
mod profile;
mod query;
mod user;

pub(crate) use loaders::Loaders;

use crate::{Accounts, Error};
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

pub(crate) fn schema(accounts: Accounts) -> Schema<Query, Mutation, EmptySubscription> {
    builder().data(accounts).finish()
}

pub(crate) fn sdl() -> String {
    builder().finish().sdl_with_options(SDLExportOptions::new().federation())
}
