//! For tests: which statements a database is sent, and how it would execute them.

use super::{Db, DbError, Dialect, Statements};
use sqlx::AssertSqlSafe;
use std::panic::Location;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A statement that was sent.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its text.
    pub sql: String,
    /// The file that it stands in.
    pub file: &'static str,
    /// The line of that file.
    pub line: u32,
    /// PostgreSQL's names of its arguments' types.
    types: Vec<String>,
}

/// Records nothing until it is told to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<OnceLock<Mutex<Vec<Recorded>>>>);

impl Recorder {
    /// A record of the statement, if statements are recorded.
    pub(super) fn begin(&self, sql: &str, at: &'static Location<'static>) -> Option<Recorded> {
        self.0.get()?;
        let (sql, file, line) = (sql.to_owned(), at.file(), at.line());
        Some(Recorded { sql, file, line, types: Vec::new() })
    }

    pub(super) fn end(&self, statement: Recorded) {
        if let Some(statements) = self.0.get() {
            statements.lock().unwrap_or_else(PoisonError::into_inner).push(statement);
        }
    }
}

impl Recorded {
    pub(super) fn add_type(&mut self, name: String) {
        self.types.push(name);
    }
}

impl Statements {
    pub(super) fn recorder(&self) -> &Recorder {
        &self.recorder
    }
}

impl Db {
    /// Records the statements that are sent from now on.
    pub fn record(&self) {
        self.statements.recorder().0.get_or_init(Mutex::default);
    }

    /// The statements that were sent since [`Db::record`].
    pub fn recorded(&self) -> Vec<Recorded> {
        let statements = self.statements.recorder().0.get();
        statements.map_or_else(Vec::new, |statements| {
            statements.lock().unwrap_or_else(PoisonError::into_inner).clone()
        })
    }

    /// What is wrong with how the database would execute the statement: reading a whole table, or all
    /// of an index to filter its rows, and sorting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn costs(&self, statement: &Recorded) -> Result<Vec<String>, DbError> {
        match self.dialect() {
            Dialect::Sqlite => self.sqlite_costs(statement).await,
            Dialect::Postgres => self.postgres_costs(statement).await,
        }
    }

    async fn sqlite_costs(&self, statement: &Recorded) -> Result<Vec<String>, DbError> {
        let sql = AssertSqlSafe(format!("explain query plan {}", statement.sql));
        let plan: Vec<(i64, i64, i64, String)> = self.query(sql).fetch_all().await?;
        let names = "select name from sqlite_master where type = 'table' and sql not like '%fts5%'";
        let tables: Vec<(String,)> = self.query(names).fetch_all().await?;
        let is_filtered = statement.sql.contains(" where ");
        let costs = plan.into_iter().map(|(.., step)| step).filter(|step| {
            let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            let is_table = scanned.is_some_and(|name| tables.iter().any(|(table,)| table == name));
            step.contains("TEMP B-TREE") || is_table && is_filtered
        });
        Ok(costs.collect())
    }

    async fn postgres_costs(&self, statement: &Recorded) -> Result<Vec<String>, DbError> {
        let types = statement.types.join(", ");
        let types = if types.is_empty() { types } else { format!("({types})") };
        let nulls = vec!["null"; statement.types.len()].join(", ");
        let nulls = if nulls.is_empty() { nulls } else { format!("({nulls})") };
        let mut tx = self.snapshot().await?;
        // The plan for any arguments, when whatever can be avoided is.
        for setting in [
            "set local plan_cache_mode = force_generic_plan".to_owned(),
            "set local enable_seqscan = off".to_owned(),
            "set local enable_sort = off".to_owned(),
            "set local enable_incremental_sort = off".to_owned(),
            format!("prepare explained {types} as {}", statement.sql),
        ] {
            tx.query(AssertSqlSafe(setting)).execute().await?;
        }
        let explain = format!("explain (costs off) execute explained {nulls}");
        let plan: Vec<(String,)> = tx.query(AssertSqlSafe(explain)).fetch_all().await?;
        tx.query("deallocate explained").execute().await?;
        let mut costs = Vec::new();
        for (index, (line,)) in plan.iter().enumerate() {
            let details: Vec<&str> = plan[index + 1..]
                .iter()
                .map(|(line,)| line.trim_start())
                .take_while(|line| !line.starts_with("->"))
                .collect();
            let has = |name: &str| details.iter().any(|line| line.starts_with(name));
            let node = line.trim_start().trim_start_matches("->").trim_start();
            let is_index = node.starts_with("Index Scan") || node.starts_with("Index Only Scan");
            if node.starts_with("Seq Scan")
                || node.starts_with("Sort") && has("Sort Key")
                || node.starts_with("Incremental Sort")
                || is_index && has("Filter") && !has("Index Cond")
            {
                costs.push(format!("{node} {}", details.join("; ")));
            }
        }
        Ok(costs)
    }
}
