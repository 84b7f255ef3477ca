//! Selects whose conditions depend on the request. Everything a client sent is a bound argument;
//! the text consists of constants of ours.

use super::{DbError, Query, Record, placeholders};
use crate::Db;
use crate::graphql::Page;
use sqlx::AssertSqlSafe;
use std::fmt::Write;

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
    table: &'static str,
    columns: &'static str,
    conditions: Vec<String>,
    arguments: Vec<Argument>,
}

impl Select {
    /// All rows of `table` (or of a join).
    pub fn new(columns: &'static str, table: &'static str) -> Self {
        Self { table, columns, conditions: Vec::new(), arguments: Vec::new() }
    }

    /// Only rows of which `condition` is true; each `?` in it stands for `argument`.
    #[must_use]
    pub fn and(mut self, condition: &'static str, argument: impl Into<Argument>) -> Self {
        let placeholder = self.bind(argument.into());
        self.conditions.push(condition.replace('?', &placeholder));
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

    /// The rows of one page of each of `parents`, in one statement. A lone parent costs no more
    /// than its page; several cost as much as their lists are long, read along the index.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_each<T: Record, K: Key>(
        mut self,
        db: &Db,
        (parent, parents): (&'static str, &[i64]),
        (order, page): (Order, &Page<K>),
    ) -> Result<Vec<T>, DbError> {
        self = self.and_in(parent, parents);
        if parents.len() == 1 {
            return self.page(db, order, page).await;
        }
        self.within(order, page);
        let limit = self.bind(page.row_limit().into());
        let order = order.by(page.is_backward());
        let place = format!("row_number() over (partition by {parent} order by {order}) as place");
        let (columns, table, conditions) = (self.columns, self.table, self.conditions_text());
        let text = format!(
            "select {columns} from (select {columns}, {place} from {table}{conditions}) as ranked \
             where place <= {limit} order by place"
        );
        self.run(db, text).fetch_all().await
    }

    /// Every row; the conditions bound how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all<T: Record>(self, db: &Db) -> Result<Vec<T>, DbError> {
        let text = self.text();
        self.run(db, text).fetch_all().await
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(mut self, db: &Db) -> Result<i64, DbError> {
        self.columns = "count(*)";
        let text = self.text();
        let (count,) = self.run(db, text).fetch_one().await?;
        Ok(count)
    }

    /// How many rows each of `parents` has; one without rows is left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_of_each(
        mut self,
        db: &Db,
        (parent, parents): (&'static str, &[i64]),
    ) -> Result<Vec<(i64, i64)>, DbError> {
        self = self.and_in(parent, parents);
        let (table, conditions) = (self.table, self.conditions_text());
        let text = format!("select {parent}, count(*) from {table}{conditions} group by {parent}");
        self.run(db, text).fetch_all().await
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

    fn conditions_text(&self) -> String {
        let mut text = String::new();
        for (index, condition) in self.conditions.iter().enumerate() {
            let word = if index == 0 { "where" } else { "and" };
            // Writing to a string cannot fail.
            let _ = write!(text, " {word} ({condition})");
        }
        text
    }

    fn text(&self) -> String {
        format!("select {} from {}{}", self.columns, self.table, self.conditions_text())
    }

    fn run(self, db: &Db, text: String) -> Query<'_> {
        self.arguments.into_iter().fold(db.query(AssertSqlSafe(text)), |query, argument| {
            match argument {
                Argument::Integer(value) => query.bind(value),
                Argument::Text(value) => query.bind(value),
                Argument::Boolean(value) => query.bind(value),
            }
        })
    }
}
