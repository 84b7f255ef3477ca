#![doc = include_str!("../README.md")]

pub mod bulk;
mod clients;
mod commands;
mod domain;
mod error;
mod graphql;
mod store;
mod workers;

pub use error::Error;
pub use workers::work;

use chassis::{Db, Peer, Subgraph};
use commerce::Clock;
use std::sync::Arc;

/// The subgraph's name in the supergraph, and of its database.
pub const NAME: &str = "product";

/// The tables of this subgraph.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Prepares the rows of an earlier release for searches. Returns when all are prepared; a start that
/// is cut short goes on where it was. The subgraph must not answer before.
///
/// # Errors
/// When the database fails.
pub async fn prepare_search(db: &Db) -> Result<(), Error> {
    let next =
        || db.write(|tx| Box::pin(async { Ok::<_, Error>(store::search::fold_next(tx).await?) }));
    while next().await? {}
    Ok(())
}

/// The product subgraph's state: what commands and the worker share.
pub struct Catalogue {
    db: Db,
    clock: Arc<dyn Clock>,
    inventory: Peer,
}

impl Catalogue {
    /// Over a migrated database. The inventory subgraph learns of products that are deleted.
    pub fn new(db: Db, clock: Arc<dyn Clock>, inventory: Peer) -> Arc<Self> {
        Arc::new(Self { db, clock, inventory })
    }
}

/// The subgraph.
pub fn subgraph(catalogue: &Arc<Catalogue>) -> Subgraph {
    let db = catalogue.db.clone();
    Subgraph::new(NAME, graphql::schema(Arc::clone(catalogue)), move |batch, request| {
        request.data(batch.loader(graphql::Loaders::new(db.clone())))
    })
}

/// The schema as composition reads it; needs no database.
pub fn sdl() -> String {
    graphql::sdl()
}
