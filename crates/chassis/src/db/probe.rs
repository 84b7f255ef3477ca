//! Whether a database is there, asked without waiting behind requests.

use super::{Db, DbError, Engine};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::sync::Arc;
use tokio::sync::Mutex;

/// A connection to PostgreSQL that serves no requests: a full pool does not make the database look
/// unreachable.
#[derive(Clone, Debug, Default)]
pub(super) struct Probe(Arc<Mutex<Option<PgConnection>>>);

impl Probe {
    /// Asks over the connection that the last call left; connects anew if that fails.
    async fn ask(&self, options: &PgConnectOptions) -> Result<(), DbError> {
        // Taken, not borrowed: a caller that gives up half way leaves no broken connection behind.
        let known = self.0.lock().await.take();
        if let Some(mut connection) = known
            && connection.ping().await.is_ok()
        {
            *self.0.lock().await = Some(connection);
            return Ok(());
        }
        let mut connection = options.connect().await?;
        connection.ping().await?;
        *self.0.lock().await = Some(connection);
        Ok(())
    }

    pub(super) async fn close(&self) {
        if let Some(connection) = self.0.lock().await.take() {
            // Best effort: the server notices a connection that is gone.
            let _ = connection.close().await;
        }
    }
}

impl Db {
    /// Checks that the database is there: that PostgreSQL answers, or that SQLite's file exists.
    /// The caller bounds the wait.
    ///
    /// # Errors
    /// When it is not.
    pub async fn check(&self) -> Result<(), DbError> {
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let options = readers.connect_options();
                let file = tokio::fs::metadata(options.get_filename()).await;
                file.map(|_| ()).map_err(|error| sqlx::Error::from(error).into())
            }
            Engine::Postgres { pool, probe, .. } => probe.ask(&pool.connect_options()).await,
        }
    }
}
