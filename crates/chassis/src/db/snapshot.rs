//! A long look at one database: everything read through it is of the same moment.

use super::{Db, DbError, Engine, Query, Statements, query::Inner};
use sqlx::{Postgres, SqlSafeStr, Sqlite, Transaction};
use std::panic::Location;

/// A transaction that only reads, on a connection of its own. It ends when it is dropped.
///
/// The moment is that of the first statement. Writers are not held up; but what they replace or
/// delete is kept for as long as it lives, so it should not live longer than it must.
pub struct Snapshot {
    connection: Connection,
    statements: Statements,
}

enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Begins a consistent view of this database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self) -> Result<Snapshot, DbError> {
        let connection = match &self.engine {
            Engine::Sqlite { readers, .. } => Connection::Sqlite(readers.begin().await?),
            Engine::Postgres { pool, .. } => Connection::Postgres(
                pool.begin_with("begin isolation level repeatable read read only").await?,
            ),
        };
        Ok(Snapshot { connection, statements: self.statements.clone() })
    }
}

impl Snapshot {
    /// A read in this view; one at a time.
    #[track_caller]
    pub fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let sql = sql.into_sql_str();
        let recorded = self.statements.recorder().begin(sql.as_str(), Location::caller());
        Query::new(
            match &mut self.connection {
                Connection::Sqlite(connection) => Inner::sqlite(sql, connection),
                Connection::Postgres(connection) => Inner::postgres(sql, connection),
            },
            &self.statements,
            recorded,
        )
    }
}
