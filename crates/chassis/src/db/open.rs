//! Finding and opening a subgraph's database.

use super::{Db, DbError, Engine, Probe, QUEUE_WRITES, Statements, reader, writer::Writer};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Connections for reading, a subgraph.
const READERS: u32 = 4;
/// Connections to PostgreSQL, a subgraph.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Of these, so many may write at the same time: the others are for reading.
const POSTGRES_WRITERS: usize = 12;
/// How long a request waits for a connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long PostgreSQL lets a running shop wait for a lock, read, and leave a transaction idle. A
/// write sets a time of its own; migrations and `agora verify` take the time they need.
const POSTGRES_PATIENCE: [(&str, &str); 3] = [
    ("lock_timeout", "2s"),
    ("statement_timeout", "1500ms"),
    ("idle_in_transaction_session_timeout", "10s"),
];
/// How long SQLite waits for another process's lock.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Pages of 4 KiB in the write-ahead log before it is copied into the database: copying pauses writes.
const CHECKPOINT_PAGES: &str = "8000";
/// Prepared statements kept, a connection.
const STATEMENT_CACHE: usize = 128;

/// Where the databases of all subgraphs are.
#[derive(Clone, Debug)]
pub enum Location {
    /// A directory with one SQLite file a subgraph.
    Directory(PathBuf),
    /// A PostgreSQL database with one schema a subgraph.
    Postgres(Box<PgConnectOptions>),
}

impl Location {
    /// Reads `sqlite:<directory>` or `postgres://…`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the URL.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(directory) = url.strip_prefix("sqlite:") {
            let directory = directory.strip_prefix("//").unwrap_or(directory);
            if directory.is_empty() {
                return Err("it names no directory: write sqlite:./data".to_owned());
            }
            return Ok(Self::Directory(PathBuf::from(directory)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = url.parse::<PgConnectOptions>().map_err(|error| error.to_string())?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err("it must start with sqlite: or postgres://".to_owned())
    }

    /// With `password`, unless `url`, from which this was parsed, holds one.
    #[must_use]
    pub fn with_password(self, url: &str, password: &str) -> Self {
        let holds_one = url::Url::parse(url).is_ok_and(|url| {
            url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password")
        });
        match self {
            Self::Postgres(options) if !holds_one => {
                Self::Postgres(Box::new(options.password(password)))
            }
            other => other,
        }
    }

    /// The subgraph's own database, opened and created if need be, but not yet migrated.
    ///
    /// # Errors
    /// When the directory or the server cannot be used; [`DbError::Owned`] when another process has
    /// the directory's database.
    pub async fn open(&self, subgraph: &str) -> Result<Db, DbError> {
        match self {
            Self::Directory(directory) => {
                let created = tokio::fs::create_dir_all(directory).await;
                created.map_err(|error| DbError::Directory(Arc::new(error)))?;
                let owned = own(&directory.join(format!("{subgraph}.lock"))).await?;
                let path = directory.join(format!("{subgraph}.db"));
                start_sqlite(sqlite_options(&path).create_if_missing(true), Some(owned)).await
            }
            Self::Postgres(options) => open_postgres(options, subgraph).await,
        }
    }
}

/// Makes this process the one owner of a database: what it sees unfinished at its start is nobody
/// else's work. A file of its own, because closing another handle of the database's file would take
/// SQLite's locks away (<https://www.sqlite.org/howtocorrupt.html>, section 2.2). The system gives
/// the lock back when the process ends, however it ends; the file stays.
async fn own(path: &Path) -> Result<File, DbError> {
    let file = tokio::fs::OpenOptions::new().create(true).append(true).open(path).await;
    let file = file.map_err(|error| DbError::Directory(Arc::new(error)))?.into_std().await;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DbError::Owned),
        Err(TryLockError::Error(error)) => Err(DbError::Directory(Arc::new(error))),
    }
}

pub(super) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Every commit reaches the disk before it is acknowledged.
        .synchronous(SqliteSynchronous::Full)
        // On macOS fsync alone does not empty the disk's own cache; elsewhere this is ignored.
        .pragma("fullfsync", "on")
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging()
}

/// `owned` is held until the database is closed.
pub(super) async fn start_sqlite(
    options: SqliteConnectOptions,
    owned: Option<File>,
) -> Result<Db, DbError> {
    let statements = Statements::default();
    let writer = Writer::start(options.connect().await?, statements.clone(), owned);
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(reader::release(connection)))
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Db { engine: Engine::Sqlite { readers, writer }, statements })
}

async fn open_postgres(options: &PgConnectOptions, subgraph: &str) -> Result<Db, DbError> {
    let options = options.clone().disable_statement_logging();
    let mut connection = options.connect().await?;
    let sql = sqlx::AssertSqlSafe(format!("create schema if not exists \"{subgraph}\""));
    let created = sqlx::query(sql).execute(&mut connection).await.map_err(DbError::from);
    connection.close().await?;
    match created {
        // Two parts that start at once may both try; the loser finds it there.
        Err(error) if !error.is_unique_violation() => return Err(error),
        _ => {}
    }
    start_postgres(options.options(POSTGRES_PATIENCE), subgraph).await
}

/// For a connection that may take all the time it needs.
pub(super) fn patient(options: PgConnectOptions) -> PgConnectOptions {
    options.options(POSTGRES_PATIENCE.map(|(setting, _)| (setting, "0")))
}

pub(super) async fn start_postgres(
    options: PgConnectOptions,
    subgraph: &str,
) -> Result<Db, DbError> {
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(
            options
                .options([("search_path", format!("\"{subgraph}\""))])
                .statement_cache_capacity(STATEMENT_CACHE),
        )
        .await?;
    let writes = Arc::new(Semaphore::new(QUEUE_WRITES));
    let writers = Arc::new(Semaphore::new(POSTGRES_WRITERS));
    let probe = Probe::default();
    let engine = Engine::Postgres { pool, writes, writers, probe };
    Ok(Db { engine, statements: Statements::default() })
}
