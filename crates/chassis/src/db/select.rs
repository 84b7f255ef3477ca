//! Selects whose conditions depend on the request. Everything a client sent is a bound argument;
//! the text consists of constants of ours.

use super::{DbError, Dialect, Query, Record, placeholders};
use crate::Db;
use crate::graphql::Page;
use sqlx::AssertSqlSafe;
use std::fmt::Write;
use std::panic::Location;

/// Rows are counted exactly up to this number.
pub const EXACT_COUNT: i64 = 10_000;
/// Parents of one statement. SQLite joins at most 500 selects; this is a power of two.
const PARENTS: usize = 256;

/// A value of a condition.
#[derive(Clone, Debug)]
pub enum Argument {
    /// `bigint`
    Integer(i64),
    /// `text`
    Text(String),
    /// `boolean`
    Boolean(bool),
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<String> for Argument {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&str> for Argument {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<bool> for Argument {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

/// A place in a list, as values of the list's sort columns.
pub trait Key {
    /// One argument a sort column.
    fn arguments(&self) -> Vec<Argument>;
}

impl Key for i64 {
    fn arguments(&self) -> Vec<Argument> {
        vec![Argument::Integer(*self)]
    }
}

/// A total order of a table's rows: the last column is unique.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The sort columns.
    pub columns: &'static [&'static str],
    /// Greatest first, for all columns.
    pub descending: bool,
}

impl Order {
    fn by(&self, backward: bool) -> String {
        let direction = if self.descending == backward { "asc" } else { "desc" };
        let columns = self.columns.iter().map(|column| format!("{column} {direction}"));
        columns.collect::<Vec<_>>().join(", ")
    }
}

/// A `select` under construction.
#[derive(Clone, Debug)]
pub struct Select {
    /// What precedes the select.
    with: String,
    table: String,
    columns: &'static str,
    conditions: Vec<String>,
    arguments: Vec<Argument>,
    at: &'static Location<'static>,
}

impl Select {
    /// All rows of `table` (or of a join).
    #[track_caller]
    pub fn new(columns: &'static str, table: &'static str) -> Self {
        Self {
            with: String::new(),
            table: table.to_owned(),
            columns,
            conditions: Vec::new(),
            arguments: Vec::new(),
            at: Location::caller(),
        }
    }

    /// The rows of the table with those of another, which `join` names.
    #[must_use]
    pub fn join(mut self, join: &'static str) -> Self {
        self.table.push_str(join);
        self
    }

    /// Only the first `rows` rows of the list, from where `page` begins, as a table called `name`.
    /// Further conditions are for these rows.
    #[must_use]
    pub fn walk<K: Key>(
        mut self,
        name: &'static str,
        (order, page): (Order, &Page<K>),
        rows: i64,
    ) -> Self {
        self.within(order, page);
        let (limit, order) = (self.bind(rows.into()), order.by(page.is_backward()));
        let table = format!("({} order by {order} limit {limit}) as {name}", self.text());
        Self { table, conditions: Vec::new(), ..self }
    }

    /// The rows as a table that is read before they are sorted: the database may not walk along the
    /// order instead, in search of rows that meet the conditions.
    #[must_use]
    pub fn materialized(self) -> Self {
        let with = format!("with matched as materialized ({}) ", self.text());
        Self { with, table: "matched".to_owned(), conditions: Vec::new(), ..self }
    }

    /// Only rows of which `condition` is true; each `?` in it stands for `argument`.
    #[must_use]
    pub fn and(mut self, condition: &'static str, argument: impl Into<Argument>) -> Self {
        let placeholder = self.bind(argument.into());
        self.conditions.push(condition.replace('?', &placeholder));
        self
    }

    /// Only rows of which `condition`, a constant, is true.
    #[must_use]
    pub fn only(mut self, condition: &'static str) -> Self {
        self.conditions.push(condition.to_owned());
        self
    }

    /// Only rows whose `column` is one of `values`; none for an empty list.
    #[must_use]
    pub fn and_in(mut self, column: &'static str, values: &[i64]) -> Self {
        let Some(last) = values.last() else {
            self.conditions.push("1 = 0".to_owned());
            return self;
        };
        let list = placeholders(self.arguments.len() + 1, values.len());
        let padded = values.len().next_power_of_two();
        let values = values.iter().chain(std::iter::repeat(last)).take(padded);
        self.arguments.extend(values.map(|value| Argument::Integer(*value)));
        self.conditions.push(format!("{column} in ({list})"));
        self
    }

    /// The rows of one page, in the order in which [`Page::slice`] wants them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page<T: Record, K: Key>(
        mut self,
        db: &Db,
        order: Order,
        page: &Page<K>,
    ) -> Result<Vec<T>, DbError> {
        self.within(order, page);
        let limit = self.bind(page.row_limit().into());
        let (text, order) = (self.text(), order.by(page.is_backward()));
        self.run(db, format!("{text} order by {order} limit {limit}")).fetch_all().await
    }

    /// The rows of one page of each of `parents`: one limited select per parent, in one statement, so
    /// that the cost is that of the pages and not of the lists. One statement per [`PARENTS`] parents.
    /// The rows of one parent keep their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_each<T: Record, K: Key>(
        self,
        db: &Db,
        (parent, parents): (&'static str, &[i64]),
        (order, page): (Order, &Page<K>),
    ) -> Result<Vec<T>, DbError> {
        let mut rows = Vec::new();
        for parents in parents.chunks(PARENTS) {
            let (select, text) = self.clone().pages(db.dialect(), (parent, parents), (order, page));
            rows.extend(select.run(db, text).fetch_all::<T>().await?);
        }
        Ok(rows)
    }

    /// The rows of one page of the rows whose `column` is one of `values`: of each value's page the
    /// first rows. The number of values bounds the cost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_any<T: Record, K: Key>(
        self,
        db: &Db,
        (column, values): (&'static str, &[i64]),
        (order, page): (Order, &Page<K>),
    ) -> Result<Vec<T>, DbError> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let (mut select, pages) = self.pages(db.dialect(), (column, values), (order, page));
        let (limit, order) = (select.bind(page.row_limit().into()), order.by(page.is_backward()));
        let text = format!("select * from ({pages}) as pages order by {order} limit {limit}");
        select.run(db, text).fetch_all().await
    }

    /// Any `limit` rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first<T: Record>(mut self, db: &Db, limit: i64) -> Result<Vec<T>, DbError> {
        let limit = self.bind(limit.into());
        let text = self.text();
        self.run(db, format!("{text} limit {limit}")).fetch_all().await
    }

    /// Every row; the conditions bound how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all<T: Record>(self, db: &Db) -> Result<Vec<T>, DbError> {
        let text = self.text();
        self.run(db, text).fetch_all().await
    }

    /// The number of rows, exact up to [`EXACT_COUNT`]; one more stands for any greater number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(self, db: &Db) -> Result<i64, DbError> {
        let text = format!("select count(*) from ({}) as counted", self.counted_rows(""));
        let (count,) = self.run(db, text).fetch_one().await?;
        Ok(count)
    }

    /// The number of rows of each of `parents`, as [`Select::count`] counts them. One statement per
    /// [`PARENTS`] parents.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_of_each(
        self,
        db: &Db,
        (parent, parents): (&'static str, &[i64]),
    ) -> Result<Vec<(i64, i64)>, DbError> {
        let mut counts = Vec::new();
        for parents in parents.chunks(PARENTS) {
            let mut select = self.clone();
            let ids = padded(parents).map(|id| format!("({})", select.bind(id.into())));
            let ids = ids.collect::<Vec<_>>().join(", ");
            let rows = select.counted_rows(&format!("{parent} = parent.id"));
            let text = format!(
                "with parent (id) as (values {ids}) \
                 select id, (select count(*) from ({rows}) as counted) from parent"
            );
            let found: Vec<(i64, i64)> = select.run(db, text).fetch_all().await?;
            counts.extend(found.into_iter().take(parents.len()));
        }
        Ok(counts)
    }

    /// A select of at most one row more than are counted exactly.
    fn counted_rows(&self, condition: &str) -> String {
        let mut conditions = self.conditions.clone();
        conditions.extend((!condition.is_empty()).then(|| condition.to_owned()));
        let conditions = all_of(&conditions);
        format!("select 1 from {}{conditions} limit {}", self.table, EXACT_COUNT + 1)
    }

    /// The pages of `parents`, one after another. SQLite joins selects by `union all`; PostgreSQL
    /// would plan each of them, which takes longer than executing them, and has `lateral` instead.
    fn pages<K: Key>(
        mut self,
        dialect: Dialect,
        (parent, parents): (&'static str, &[i64]),
        (order, page): (Order, &Page<K>),
    ) -> (Self, String) {
        self.within(order, page);
        let limit = self.bind(page.row_limit().into());
        let order = order.by(page.is_backward());
        let ids: Vec<String> = padded(parents).map(|id| self.bind(id.into())).collect();
        let one = |id: &str| {
            let mut conditions = self.conditions.clone();
            conditions.push(format!("{parent} = {id}"));
            let (columns, table, conditions) = (self.columns, &self.table, all_of(&conditions));
            format!("select {columns} from {table}{conditions} order by {order} limit {limit}")
        };
        let text = match dialect {
            Dialect::Sqlite => {
                let pages = ids.iter().map(|id| format!("select * from ({}) as page", one(id)));
                pages.collect::<Vec<_>>().join(" union all ")
            }
            Dialect::Postgres => {
                let (ids, page) = (ids.join("), ("), one("parent.id"));
                format!(
                    "select page.* from (values ({ids})) as parent (id) \
                     cross join lateral ({page}) as page"
                )
            }
        };
        (self, text)
    }

    fn within<K: Key>(&mut self, order: Order, page: &Page<K>) {
        let columns = order.columns.join(", ");
        let (behind, in_front) = if order.descending { ("<", ">") } else { (">", "<") };
        for (key, relation) in [(page.after(), behind), (page.before(), in_front)] {
            let Some(key) = key else { continue };
            let values: Vec<_> =
                key.arguments().into_iter().map(|value| self.bind(value)).collect();
            self.conditions.push(format!("({columns}) {relation} ({})", values.join(", ")));
        }
    }

    fn bind(&mut self, argument: Argument) -> String {
        self.arguments.push(argument);
        format!("${}", self.arguments.len())
    }

    fn text(&self) -> String {
        format!(
            "{}select {} from {}{}",
            self.with,
            self.columns,
            self.table,
            all_of(&self.conditions)
        )
    }

    fn run(self, db: &Db, text: String) -> Query<'_> {
        let query = db.query_at(AssertSqlSafe(text), self.at);
        self.arguments.into_iter().fold(query, |query, argument| match argument {
            Argument::Integer(value) => query.bind(value),
            Argument::Text(value) => query.bind(value),
            Argument::Boolean(value) => query.bind(value),
        })
    }
}

fn all_of(conditions: &[String]) -> String {
    let mut text = String::new();
    for (index, condition) in conditions.iter().enumerate() {
        let word = if index == 0 { "where" } else { "and" };
        // Writing to a string cannot fail.
        let _ = write!(text, " {word} ({condition})");
    }
    text
}

/// `parents` up to the next power of two, so that few distinct statements get prepared. Ids start at
/// 1: nothing belongs to 0.
fn padded(parents: &[i64]) -> impl Iterator<Item = i64> {
    let padding = std::iter::repeat(0);
    parents.iter().copied().chain(padding).take(parents.len().next_power_of_two())
}
