#![doc = include_str!("../README.md")]

pub mod audit;
pub mod bulk;
mod clients;
mod commands;
mod domain;
mod error;
mod graphql;
mod store;
mod workers;

pub use clients::Peers;
pub use error::Error;
pub use workers::{prune, work};

use chassis::{Db, Subgraph};
use commerce::{Clock, OrderId};
use std::sync::Arc;
use tokio::sync::broadcast;
use uuid::Uuid;

/// The subgraph's name in the supergraph, and of its database.
pub const NAME: &str = "order";

/// The tables of this subgraph.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Status changes that a subscriber may lag behind; it then reads them from the database.
const CHANGES: usize = 1024;

/// The order subgraph's state: what commands and workers share.
pub struct Orders {
    db: Db,
    clock: Arc<dyn Clock>,
    peers: Peers,
    /// Who may place an order now.
    turns: commands::Turns,
    /// Names this process in the placements it works on.
    instance: Uuid,
    /// Orders whose status changed in this process.
    changed: broadcast::Sender<OrderId>,
}

impl Orders {
    /// Over a migrated database and the three peers that placing an order needs.
    pub fn new(db: Db, clock: Arc<dyn Clock>, peers: Peers) -> Arc<Self> {
        let changed = broadcast::Sender::new(CHANGES);
        let (turns, instance) = (commands::Turns::default(), Uuid::now_v7());
        Arc::new(Self { db, clock, peers, turns, instance, changed })
    }
}

/// The subgraph.
pub fn subgraph(orders: &Arc<Orders>) -> Subgraph {
    let db = orders.db.clone();
    Subgraph::new(NAME, graphql::schema(Arc::clone(orders)), move |batch, request| {
        request.data(batch.loader(graphql::Loaders::new(db.clone())))
    })
}

/// The schema as composition reads it; needs no database.
pub fn sdl() -> String {
    graphql::sdl()
}
