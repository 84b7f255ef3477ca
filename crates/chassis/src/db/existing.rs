//! Opening a database for somebody who did not make it: nothing is created, nothing migrated.

use super::open::{BUSY_TIMEOUT, sqlite_options, start_postgres, start_sqlite};
use super::{Db, DbError, Location};
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use std::path::Path;

/// What may be done with a database that was opened as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The database refuses every write.
    ReadOnly,
    /// Writes are allowed, also beside a running server.
    ReadWrite,
}

/// A database that cannot be used as it is.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ExistingError {
    /// There is none, or it has no tables.
    #[error("there is none: was the shop ever started?")]
    Missing,
    /// Its tables are not those of this release.
    #[error("its tables are those of another release")]
    OtherRelease,
    /// It could not be read.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Location {
    /// The subgraph's database as it is; its tables must be those that `migrations` make.
    ///
    /// # Errors
    /// When there is none, when another release wrote it, or when it cannot be read.
    pub async fn open_existing(
        &self,
        subgraph: &str,
        migrations: &Migrator,
        access: Access,
    ) -> Result<Db, ExistingError> {
        let db = match self {
            Self::Directory(directory) => {
                let path = directory.join(format!("{subgraph}.db"));
                if !tokio::fs::try_exists(&path)
                    .await
                    .map_err(sqlx::Error::from)
                    .map_err(DbError::from)?
                {
                    return Err(ExistingError::Missing);
                }
                start_sqlite(options_of(&path, access), None).await?
            }
            Self::Postgres(options) => {
                let mut options = (**options).clone().disable_statement_logging();
                if access == Access::ReadOnly {
                    options = options.options([("default_transaction_read_only", "on")]);
                }
                start_postgres(options, subgraph).await?
            }
        };
        let checked = check(&db, migrations).await;
        if checked.is_err() {
            db.close().await;
        }
        checked.map(|()| db)
    }
}

/// Who only reads takes the file as it is: a copy made by `vacuum into` has no write-ahead log, and
/// giving it one is a write.
fn options_of(path: &Path, access: Access) -> SqliteConnectOptions {
    match access {
        Access::ReadOnly => SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging(),
        Access::ReadWrite => sqlite_options(path),
    }
}

async fn check(db: &Db, migrations: &Migrator) -> Result<(), ExistingError> {
    if db.is_empty().await? {
        return Err(ExistingError::Missing);
    }
    if !db.is_at(migrations).await? {
        return Err(ExistingError::OtherRelease);
    }
    Ok(())
}
