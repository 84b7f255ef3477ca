//! A database of its own for every test, on either engine.

use crate::postgres;
use chassis::db::Location;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Builder;
use url::Url;
use uuid::Uuid;

/// Threads of a scenario's runtime: enough for races, few enough for small machines.
const WORKERS: usize = 2;

/// Makes one scenario two tests, `name::sqlite` and `name::postgres`.
///
/// ```
/// # mod tests {
/// # use chassis::db::Location;
/// testing::both_databases! {
///     /// An empty shop has no products.
///     async fn an_empty_shop_has_no_products(location: Location) {
///         let db = location.open("product").await.unwrap();
///         assert_eq!(db.statement_count(), 0);
///     }
/// }
/// # }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($location:ident: $type:ty) $body:block)+) => {$(
        $(#[$meta])*
        #[cfg(test)]
        mod $name {
            use super::*;

            async fn scenario($location: $type) $body

            #[test]
            fn sqlite() {
                $crate::databases::on_sqlite(scenario);
            }

            #[test]
            fn postgres() {
                $crate::databases::on_postgres(scenario);
            }
        }
    )+};
}

/// Runs `scenario` on a fresh SQLite directory.
pub fn on_sqlite<S, F>(scenario: S)
where
    S: FnOnce(Location) -> F,
    F: Future<Output = ()>,
{
    run(&Database::sqlite(), scenario);
}

/// Runs `scenario` on a fresh PostgreSQL database; where there is no PostgreSQL, says so and
/// returns.
pub fn on_postgres<S, F>(scenario: S)
where
    S: FnOnce(Location) -> F,
    F: Future<Output = ()>,
{
    if let Some(database) = Database::postgres() {
        run(&database, scenario);
    }
}

fn run<S, F>(database: &Database, scenario: S)
where
    S: FnOnce(Location) -> F,
    F: Future<Output = ()>,
{
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("no runtime for the test: {error}"))
        .block_on(scenario(database.location()));
}

/// A fresh, empty database; it is gone when this is dropped.
#[derive(Debug)]
pub struct Database(Kind);

#[derive(Debug)]
enum Kind {
    Sqlite(TempDir),
    Postgres { server: Url, name: String },
}

impl Database {
    /// An empty directory for SQLite files.
    pub fn sqlite() -> Self {
        Self(Kind::Sqlite(temporary_directory()))
    }

    /// An empty database on the PostgreSQL server of this test run; `None`, after saying why on
    /// standard error, where there can be no server.
    pub fn postgres() -> Option<Self> {
        Some(Self::on(postgres::server()?))
    }

    /// An empty database on this server.
    pub fn on(server: &Url) -> Self {
        let server = server.clone();
        let name = format!("agora_test_{}", Uuid::now_v7().simple());
        // From template0, because somebody may be connected to the default template.
        administer(&server, format!("create database \"{name}\" template template0"))
            .unwrap_or_else(|error| panic!("cannot create a test database: {error}"));
        Self(Kind::Postgres { server, name })
    }

    /// Where subgraphs open their databases.
    pub fn location(&self) -> Location {
        Location::parse(&self.url()).unwrap_or_else(|error| panic!("{}: {error}", self.url()))
    }

    /// What `--database-url` takes.
    pub fn url(&self) -> String {
        match &self.0 {
            Kind::Sqlite(directory) => format!("sqlite:{}", directory.path().display()),
            Kind::Postgres { server, name } => {
                let mut url = server.clone();
                url.set_path(name);
                url.into()
            }
        }
    }

    /// The directory with the SQLite files.
    pub fn directory(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Sqlite(directory) => Some(directory.path()),
            Kind::Postgres { .. } => None,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kind::Postgres { server, name } = &self.0 {
            // By force: the test's pools may still be open.
            let sql = format!("drop database if exists \"{name}\" with (force)");
            if let Err(error) = administer(server, sql) {
                eprintln!("the test database {name} stays behind: {error}");
            }
        }
    }
}

/// An empty directory that is gone when the answer is dropped.
pub(crate) fn temporary_directory() -> TempDir {
    TempDir::with_prefix("agora-").unwrap_or_else(|error| panic!("no temporary directory: {error}"))
}

/// Executes one statement from a thread of its own, so that it works inside and outside a runtime.
fn administer(server: &Url, sql: String) -> Result<(), sqlx::Error> {
    let url = server.clone();
    let work = async move {
        let mut connection = PgConnection::connect(url.as_str()).await?;
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await?;
        connection.close().await
    };
    let thread =
        std::thread::spawn(|| Builder::new_current_thread().enable_all().build()?.block_on(work));
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
