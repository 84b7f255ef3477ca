//! Reads of SQLite that end: at their deadline, and when their caller is gone.
//!
//! SQLite runs a statement on a thread of its own. That thread looks at [`Reading`] every few
//! instructions, and interrupts the statement when nobody may wait for it any longer. PostgreSQL does
//! the same with `statement_timeout`.

use super::DbError;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long one read may take. Less than the two seconds that the router waits for a subgraph, so
/// that the client gets the database's answer and not a time-out.
pub(super) const READ_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Instructions of SQLite's virtual machine between two checks.
const INSTRUCTIONS: i32 = 1_000;

/// A connection for one read.
pub(super) struct Reader {
    connection: PoolConnection<Sqlite>,
    _reading: Reading,
}

/// Interrupts the read when it is dropped.
struct Reading(Arc<AtomicBool>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Reader {
    /// Takes a connection from the pool. The time for the read begins now.
    pub(super) async fn acquire(pool: &SqlitePool) -> Result<Self, DbError> {
        let mut connection = pool.acquire().await?;
        let dropped = Arc::new(AtomicBool::new(false));
        let reading = Reading(Arc::clone(&dropped));
        let end = Instant::now() + READ_TIMEOUT;
        let may_go_on = move || !dropped.load(Ordering::Relaxed) && Instant::now() < end;
        connection.lock_handle().await?.set_progress_handler(INSTRUCTIONS, may_go_on);
        Ok(Self { connection, _reading: reading })
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

/// Makes a connection fit for its next user. Waits for an interrupted statement to end.
pub(super) async fn release(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    connection.lock_handle().await?.remove_progress_handler();
    Ok(true)
}
