//! The inside of a write.

use super::{DbError, Query, Statements, query::Inner};
use crate::step;
use sqlx::{Connection as _, Postgres, SqlSafeStr, SqliteConnection, Transaction};
use std::panic::Location;

/// A transaction that [`super::Db::write`] opened and will end.
pub struct Tx {
    connection: Connection,
    statements: Statements,
    /// Something other than a `select` was sent.
    pub(super) written: bool,
}

enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) fn sqlite(connection: SqliteConnection, statements: Statements) -> Self {
        Self { connection: Connection::Sqlite(Box::new(connection)), statements, written: false }
    }

    pub(super) fn postgres(
        transaction: Transaction<'static, Postgres>,
        statements: Statements,
    ) -> Self {
        Self { connection: Connection::Postgres(transaction), statements, written: false }
    }

    /// A statement in this transaction.
    #[track_caller]
    pub fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let sql = sql.into_sql_str();
        let recorded = self.statements.recorder().begin(sql.as_str(), Location::caller());
        self.written |= !sql.as_str().starts_with("select");
        Query::new(
            match &mut self.connection {
                Connection::Sqlite(connection) => Inner::sqlite(sql, connection),
                Connection::Postgres(connection) => Inner::postgres(sql, connection),
            },
            &self.statements,
            recorded,
        )
    }

    /// The suffix that makes a `select` lock its rows: empty on SQLite, where the one writer is
    /// alone anyway. Select in key order, and no two writes can wait for each other.
    pub fn for_update(&self) -> &'static str {
        match self.connection {
            Connection::Sqlite(_) => "",
            Connection::Postgres(_) => " for update",
        }
    }

    /// Sends `begin`, `commit` and their kin, which are not counted as statements.
    pub(super) async fn control(&mut self, sql: &'static str) -> Result<(), DbError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                sqlx::raw_sql(sql).execute(&mut **connection).await?;
            }
            Connection::Postgres(connection) => {
                sqlx::raw_sql(sql).execute(&mut **connection).await?;
            }
        }
        Ok(())
    }

    /// Closes SQLite's connection and returns when its thread has ended; a transaction of
    /// PostgreSQL is rolled back.
    pub(super) async fn close(self) {
        if let Connection::Sqlite(connection) = self.connection {
            // The log says so if the database could not be closed; the next start recovers it.
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "A database was not closed cleanly.");
            }
        }
    }

    pub(super) async fn commit_postgres(self) -> Result<(), DbError> {
        if let Connection::Postgres(transaction) = self.connection {
            step!("commit", transaction.commit())?;
        }
        Ok(())
    }
}
