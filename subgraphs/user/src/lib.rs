#![doc = include_str!("../README.md")]

pub mod bulk;
mod commands;
mod domain;
mod error;
mod graphql;
mod passwords;
mod store;

pub use error::Error;

use chassis::{Db, Subgraph};
use commerce::Clock;
use passwords::Passwords;
use std::sync::Arc;

/// The subgraph's name in the supergraph, and of its database.
pub const NAME: &str = "user";

/// The tables of this subgraph.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// What commands work with.
pub(crate) struct Accounts {
    db: Db,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
}

/// The subgraph over a migrated database.
pub fn subgraph(db: Db, clock: Arc<dyn Clock>) -> Subgraph {
    let loaded = db.clone();
    let accounts = Accounts { db, clock, passwords: Passwords::default() };
    Subgraph::new(NAME, graphql::schema(accounts), move |batch, request| {
        request.data(batch.loader(graphql::Loaders::new(loaded.clone())))
    })
}

/// The schema as composition reads it; needs no database.
pub fn sdl() -> String {
    graphql::sdl()
}
