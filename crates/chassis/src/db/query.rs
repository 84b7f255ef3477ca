//! A statement on its way to either database.

use super::{DbError, Recorded, Statements, reader::Reader};
use futures::StreamExt;
use futures::stream::BoxStream;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query as SqlxQuery;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Database, Encode, FromRow, PgConnection, PgPool, Pool, Postgres, SqlStr, Sqlite,
    SqliteConnection, SqlitePool, Type,
};

/// A value that both drivers can bind.
pub trait Value<'t>:
    Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>
{
}
impl<'t, T> Value<'t> for T where
    T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>
{
}

/// A row type that both drivers can decode; `#[derive(sqlx::FromRow)]` provides it.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// A statement and where it will run.
#[must_use = "a query does nothing until it is executed or fetched"]
pub struct Query<'c> {
    inner: Inner<'c>,
    statements: &'c Statements,
    recorded: Option<Recorded>,
}

pub(super) enum Source<'c, DB: Database> {
    Pool(&'c Pool<DB>),
    Connection(&'c mut DB::Connection),
}

pub(super) enum Inner<'c> {
    Sqlite(SqlxQuery<'static, Sqlite, SqliteArguments>, Source<'c, Sqlite>),
    Postgres(SqlxQuery<'static, Postgres, PgArguments>, Source<'c, Postgres>),
}

impl<'c> Inner<'c> {
    pub(super) fn sqlite_pool(sql: SqlStr, pool: &'c SqlitePool) -> Self {
        Self::Sqlite(sqlx::query(sql), Source::Pool(pool))
    }
    pub(super) fn postgres_pool(sql: SqlStr, pool: &'c PgPool) -> Self {
        Self::Postgres(sqlx::query(sql), Source::Pool(pool))
    }
    pub(super) fn sqlite(sql: SqlStr, connection: &'c mut SqliteConnection) -> Self {
        Self::Sqlite(sqlx::query(sql), Source::Connection(connection))
    }
    pub(super) fn postgres(sql: SqlStr, connection: &'c mut PgConnection) -> Self {
        Self::Postgres(sqlx::query(sql), Source::Connection(connection))
    }
}

/// Sends the query to where it runs. Only a read of a pool has a deadline of its own.
macro_rules! run {
    ($self:ident, $query:ident, $executor:ident => $body:expr) => {{
        Self::is_sent($self.statements, $self.recorded);
        match $self.inner {
            Inner::Sqlite($query, Source::Pool(pool)) => {
                let mut reader = Reader::acquire(pool).await?;
                let $executor = reader.connection();
                $body.map_err(DbError::of_read)
            }
            Inner::Sqlite($query, Source::Connection($executor)) => $body.map_err(DbError::from),
            Inner::Postgres($query, Source::Pool($executor)) => $body.map_err(DbError::of_read),
            Inner::Postgres($query, Source::Connection($executor)) => $body.map_err(DbError::from),
        }
    }};
}

impl<'c> Query<'c> {
    pub(super) fn new(
        inner: Inner<'c>,
        statements: &'c Statements,
        recorded: Option<Recorded>,
    ) -> Self {
        Self { inner, statements, recorded }
    }

    fn is_sent(statements: &Statements, recorded: Option<Recorded>) {
        statements.add_one();
        if let Some(recorded) = recorded {
            statements.recorder().end(recorded);
        }
    }

    /// Binds the next placeholder.
    pub fn bind<'t>(mut self, value: impl Value<'t>) -> Self {
        if let Some(recorded) = &mut self.recorded {
            recorded.add_type(postgres_type(&value));
        }
        let inner = match self.inner {
            Inner::Sqlite(query, source) => Inner::Sqlite(query.bind(value), source),
            Inner::Postgres(query, source) => Inner::Postgres(query.bind(value), source),
        };
        Self { inner, ..self }
    }

    /// Binds one placeholder a value.
    pub fn bind_all<'t>(self, values: impl IntoIterator<Item = impl Value<'t>>) -> Self {
        values.into_iter().fold(self, Query::bind)
    }

    /// Binds the placeholders that [`super::placeholders`] wrote for `values`: each value once,
    /// then the last one again up to the next power of two.
    pub fn bind_list<'t, V: Value<'t> + Copy>(self, values: &[V]) -> Self {
        let padding = values.len().next_power_of_two() - values.len();
        let last = values.last().into_iter().cycle().take(padding);
        self.bind_all(values.iter().chain(last).copied())
    }

    /// Runs it and answers how many rows it changed.
    pub async fn execute(self) -> Result<u64, DbError> {
        run!(self, query, e => query.execute(e).await.map(|done| done.rows_affected()))
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T: Record>(self) -> Result<Option<T>, DbError> {
        run!(self, query, e => match query.fetch_optional(e).await {
            Ok(row) => row.map(|row| T::from_row(&row)).transpose(),
            Err(error) => Err(error),
        })
    }

    /// The one row that is always there.
    pub async fn fetch_one<T: Record>(self) -> Result<T, DbError> {
        run!(self, query, e => query.fetch_one(e).await.and_then(|row| T::from_row(&row)))
    }

    /// Every row. The statement bounds how many there are.
    pub async fn fetch_all<T: Record>(self) -> Result<Vec<T>, DbError> {
        run!(self, query, e => match query.fetch_all(e).await {
            Ok(rows) => rows.iter().map(T::from_row).collect::<Result<_, _>>(),
            Err(error) => Err(error),
        })
    }

    /// Every row, one after the other: memory does not grow with their number. Without a deadline,
    /// for tools that read everything.
    pub fn fetch<T: Record + 'c>(self) -> BoxStream<'c, Result<T, DbError>> {
        Self::is_sent(self.statements, self.recorded);
        macro_rules! rows {
            ($query:expr, $executor:expr) => {
                $query.fetch($executor).map(|row| Ok(T::from_row(&row?)?)).boxed()
            };
        }
        match self.inner {
            Inner::Sqlite(query, Source::Pool(pool)) => rows!(query, pool),
            Inner::Sqlite(query, Source::Connection(connection)) => rows!(query, connection),
            Inner::Postgres(query, Source::Pool(pool)) => rows!(query, pool),
            Inner::Postgres(query, Source::Connection(connection)) => rows!(query, connection),
        }
    }
}

fn postgres_type<'t, V: Value<'t>>(value: &V) -> String {
    let produced = <V as Encode<'t, Postgres>>::produces(value);
    produced.unwrap_or_else(<V as Type<Postgres>>::type_info).to_string()
}
