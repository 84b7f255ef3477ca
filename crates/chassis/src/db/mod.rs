//! One set of SQL statements, two databases.
//!
//! Reads go through [`Db::query`]. Writes exist only inside [`Db::write`], a closure, so that the
//! engine decides how it commits: PostgreSQL retries, SQLite groups (see `writer.rs`).
//! Deliberately absent: `begin` and `commit` for callers, and `sqlx::Any`.

mod error;
mod existing;
mod migrate;
mod open;
mod probe;
mod query;
mod reader;
mod recorder;
mod select;
mod snapshot;
mod sql;
mod tx;
mod writer;

pub use error::{DbError, WriteError, is_unreachable};
pub use existing::{Access, ExistingError};
pub use open::Location;
pub use query::{Query, Record, Value};
pub use recorder::Recorded;
pub use select::{Argument, EXACT_COUNT, Key, Order, Select};
pub use snapshot::Snapshot;
pub use sql::{BULK_ROWS, like, placeholders, rows};
pub use tx::Tx;

use futures::future::BoxFuture;
use open::ACQUIRE_TIMEOUT;
use probe::Probe;
use query::Inner;
use recorder::Recorder;
use sqlx::{PgPool, SqlSafeStr, SqlitePool};
use std::panic;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use writer::Writer;

/// Writes that may wait; one more is refused with [`DbError::Busy`].
const QUEUE_WRITES: usize = 1024;
/// How often a write that PostgreSQL refused as a deadlock or serialization failure is tried.
const WRITE_ATTEMPTS: u32 = 8;
/// How long these attempts may take together.
const WRITE_TIMEOUT: Duration = Duration::from_secs(4);
/// Begins a write, whose statements may take longer than a read: they wait for locks.
const BEGIN_WRITE: &str = "begin; set local statement_timeout = '5s'";
/// Pause before the second attempt; it doubles each time.
const RETRY_PAUSE: Duration = Duration::from_millis(2);

/// Which database it is, for the few statements that one text cannot serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The database of one subgraph. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    statements: Statements,
}

#[derive(Clone)]
enum Engine {
    Sqlite {
        readers: SqlitePool,
        writer: Writer,
    },
    /// `writes` are those that wait or run, `writers` those that run.
    Postgres {
        pool: PgPool,
        writes: Arc<Semaphore>,
        writers: Arc<Semaphore>,
        probe: Probe,
    },
}

/// Counts the statements that were sent, without `begin`, `savepoint` and `commit`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements {
    sent: Arc<AtomicU64>,
    recorder: Recorder,
}

impl Statements {
    pub(crate) fn add_one(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }
}

impl Db {
    /// A read outside any transaction.
    #[track_caller]
    pub fn query(&self, sql: impl SqlSafeStr) -> Query<'_> {
        self.query_at(sql, panic::Location::caller())
    }

    fn query_at(&self, sql: impl SqlSafeStr, at: &'static panic::Location<'static>) -> Query<'_> {
        let sql = sql.into_sql_str();
        let recorded = self.statements.recorder().begin(sql.as_str(), at);
        Query::new(
            match &self.engine {
                Engine::Sqlite { readers, .. } => Inner::sqlite_pool(sql, readers),
                Engine::Postgres { pool, .. } => Inner::postgres_pool(sql, pool),
            },
            &self.statements,
            recorded,
        )
    }

    /// Runs `work` in a transaction: all of it is durable when this answers `Ok`, none of it
    /// happened when it answers `Err` that came from `work`.
    ///
    /// `work` may run several times and must only touch the database. It must return the error of
    /// a failed statement: PostgreSQL takes nothing more in that transaction.
    ///
    /// # Errors
    /// What `work` answered, or [`DbError::Busy`] when too many writes are waiting,
    /// [`DbError::Failed`] when the commit failed, [`DbError::Late`] when it took too long.
    pub async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        W: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.write(work).await,
            Engine::Postgres { pool, writes, writers, .. } => {
                let _place = writes.try_acquire().map_err(|_| DbError::Busy)?;
                let Ok(Ok(_turn)) = timeout(ACQUIRE_TIMEOUT, writers.acquire()).await else {
                    return Err(DbError::Busy.into());
                };
                timeout(WRITE_TIMEOUT, attempts(pool, &self.statements, &work))
                    .await
                    .unwrap_or_else(|_| Err(DbError::Late.into()))
            }
        }
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// Only this process has the database: true on SQLite, where a data directory has one owner.
    pub fn is_owned(&self) -> bool {
        matches!(self.engine, Engine::Sqlite { .. })
    }

    /// How many statements this database was sent since it was opened.
    pub fn statement_count(&self) -> u64 {
        self.statements.sent.load(Ordering::Relaxed)
    }

    /// How many writes wait for their turn; on PostgreSQL those under way are among them.
    pub fn waiting_writes(&self) -> usize {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.waiting(),
            Engine::Postgres { writes, .. } => QUEUE_WRITES - writes.available_permits(),
        }
    }

    /// Waits for what is being written and closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { readers, writer } => writer.close(readers).await,
            Engine::Postgres { pool, probe, .. } => {
                probe.close().await;
                pool.close().await;
            }
        }
    }
}

async fn attempts<T, E, W>(pool: &PgPool, statements: &Statements, work: &W) -> Result<T, E>
where
    E: WriteError,
    W: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    let mut pause = RETRY_PAUSE;
    for _ in 1..WRITE_ATTEMPTS {
        match attempt(pool, statements, work).await {
            Err(error) if error.database().is_some_and(DbError::is_worth_retrying) => {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            outcome => return outcome,
        }
    }
    attempt(pool, statements, work).await
}

async fn attempt<T, E, W>(pool: &PgPool, statements: &Statements, work: &W) -> Result<T, E>
where
    E: From<DbError>,
    W: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    let transaction = pool.begin_with(BEGIN_WRITE).await.map_err(DbError::from)?;
    let mut tx = Tx::postgres(transaction, statements.clone());
    // On `Err` the transaction is dropped, which rolls it back.
    let value = work(&mut tx).await?;
    tx.commit_postgres().await?;
    Ok(value)
}
