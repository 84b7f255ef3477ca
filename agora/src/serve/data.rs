//! Which database belongs to which subgraph.

use crate::cli::Serve;
use anyhow::{Context, anyhow};
use chassis::Db;
use chassis::db::Location;
use sqlx::migrate::Migrator;

/// A subgraph's database, with its tables up to date.
pub(super) struct Opened {
    pub(super) db: Db,
    /// There were no tables before.
    pub(super) fresh: bool,
}

/// Opens the database of the subgraph `name`. An error names the flag to change.
pub(super) async fn open(
    arguments: &Serve,
    name: &'static str,
    migrations: &Migrator,
) -> anyhow::Result<Opened> {
    let (location, flag) = location(arguments, name)?;
    let place = match &location {
        Location::Directory(directory) => directory.display().to_string(),
        Location::Postgres(_) => "PostgreSQL".to_owned(),
    };
    let cannot = || format!("cannot open the {name} database in {place}: change {flag}");
    let db = location.open(name).await.with_context(cannot)?;
    let fresh = db.migrate(migrations).await.with_context(cannot)?;
    Ok(Opened { db, fresh })
}

fn location(arguments: &Serve, name: &str) -> anyhow::Result<(Location, String)> {
    let databases = &arguments.databases;
    let own = match name {
        user::NAME => &databases.user_database_url,
        product::NAME => &databases.product_database_url,
        inventory::NAME => &databases.inventory_database_url,
        _ => &databases.order_database_url,
    };
    let (url, flag) = match (own, &arguments.database_url) {
        (Some(url), _) => (url, format!("--{name}-database-url")),
        (None, Some(url)) => (url, "--database-url".to_owned()),
        (None, None) => {
            let directory = Location::Directory(arguments.data_dir.clone());
            return Ok((directory, "--data-dir".to_owned()));
        }
    };
    let location = Location::parse(url).map_err(|why| anyhow!("{flag} is not usable: {why}"))?;
    Ok((location, flag))
}
