//! Opening the subgraphs' databases, and bringing their tables up to date.

use crate::cli::Serve;
use crate::storage::Place;
use anyhow::Context;
use chassis::Db;
use sqlx::migrate::Migrator;

/// A subgraph's database, with its tables up to date.
pub(super) struct Opened {
    pub(super) db: Db,
    /// Its first start has not ended yet.
    pub(super) fresh: bool,
}

/// Opens the database of the subgraph `name`. An error names the flag to change.
pub(super) async fn open(
    arguments: &Serve,
    name: &'static str,
    migrations: &Migrator,
) -> anyhow::Result<Opened> {
    let place = Place::of(&arguments.storage, name)?;
    let cannot = || place.cannot_open(name);
    let db = place.location.open(name).await.with_context(cannot)?;
    let fresh = db.migrate(migrations).await.with_context(cannot)?;
    Ok(Opened { db, fresh })
}
