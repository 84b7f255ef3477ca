//! Opening the subgraphs' databases, and bringing their tables up to date.

use super::wait::Wait;
use crate::cli::Serve;
use crate::storage::Place;
use anyhow::{Context, anyhow};
use chassis::Db;
use chassis::db::{Location, is_unreachable};
use sqlx::migrate::Migrator;
use std::time::Duration;
use tokio::time::timeout;

/// How long PostgreSQL may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A subgraph's database, with its tables up to date.
pub(super) struct Opened {
    pub(super) db: Db,
    /// Its first start has not ended yet.
    pub(super) fresh: bool,
}

/// Opens the database of the subgraph `name`, and waits for PostgreSQL if it cannot be reached yet.
///
/// # Errors
/// When it cannot be opened, or not in time; the error names the flag to change.
pub(super) async fn open(
    arguments: &Serve,
    name: &'static str,
    migrations: &Migrator,
) -> anyhow::Result<Opened> {
    let place = Place::of(&arguments.storage, name)?;
    let cannot = || place.cannot_open(name);
    let db = match &place.location {
        Location::Directory(_) => place.location.open(name).await.with_context(cannot)?,
        Location::Postgres(_) => {
            let wait = Wait::at_most(Duration::from_secs(arguments.start_timeout));
            open_postgres(&place.location, name, &wait).await.with_context(cannot)?
        }
    };
    let fresh = db.migrate(migrations).await.with_context(cannot)?;
    Ok(Opened { db, fresh })
}

async fn open_postgres(location: &Location, name: &str, wait: &Wait) -> anyhow::Result<Db> {
    loop {
        let opened = timeout(CONNECT_TIMEOUT, location.open(name)).await;
        let error = match opened {
            Ok(Ok(db)) => return Ok(db),
            Ok(Err(error)) if !is_unreachable(&error) => return Err(error.into()),
            Ok(Err(error)) => anyhow::Error::from(error),
            Err(_) => anyhow!("it does not answer"),
        };
        if wait.is_over() {
            return Err(error);
        }
        if wait.is_worth_a_line() {
            tracing::warn!(cause = crate::one_line(&error), "Waiting for PostgreSQL.");
        }
        wait.pause().await;
    }
}
