#![doc = include_str!("../README.md")]

pub mod audit;
pub mod bulk;
mod commands;
mod domain;
mod error;
mod graphql;
mod store;
mod workers;

pub use domain::InvalidReservationId;
pub use error::Error;
pub use workers::{expire_reservations, prune_keys, workers};

use chassis::{Db, Subgraph};
use commerce::Clock;
use std::sync::Arc;

/// The subgraph's name in the supergraph, and of its database.
pub const NAME: &str = "inventory";

/// The tables of this subgraph.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// What commands work with.
pub(crate) struct Inventory {
    db: Db,
    clock: Arc<dyn Clock>,
}

/// The subgraph over a migrated database.
pub fn subgraph(db: Db, clock: Arc<dyn Clock>) -> Subgraph {
    let loaded = db.clone();
    Subgraph::new(NAME, graphql::schema(Inventory { db, clock }), move |batch, request| {
        request.data(batch.loader(graphql::Loaders::new(loaded.clone())))
    })
}

/// The schema as composition reads it; needs no database.
pub fn sdl() -> String {
    graphql::sdl()
}
