//! Which databases, and how many processes.

use crate::parts::{Layout, Parts};
use clap::ValueEnum;
use std::fmt;
use testing::Database;

/// What happens to calls between subgraphs, in the syntax of the crate `fail`.
const CALLS: &str = "call=2%return(lost)->2%return(late)->2%return(twice)->2%return(answer lost)";

/// A shop to soak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Setup {
    /// SQLite, one process.
    SqliteWhole,
    /// SQLite, a process for every part.
    SqliteApart,
    /// PostgreSQL, one process.
    PostgresWhole,
    /// PostgreSQL, a process for every part.
    PostgresApart,
}

impl Setup {
    /// `None` where there is no PostgreSQL.
    pub(super) async fn start(self) -> Option<Running> {
        let database = match self {
            Self::SqliteWhole | Self::SqliteApart => Database::sqlite(),
            Self::PostgresWhole | Self::PostgresApart => Database::postgres()?,
        };
        let layout = match self {
            Self::SqliteWhole | Self::PostgresWhole => Layout::Whole,
            Self::SqliteApart | Self::PostgresApart => Layout::Apart,
        };
        let parts = Parts::start(layout, &database, &[("FAILPOINTS", CALLS)]).await;
        Some(Running { parts, _database: database })
    }
}

impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SqliteWhole => "sqlite-whole",
            Self::SqliteApart => "sqlite-apart",
            Self::PostgresWhole => "postgres-whole",
            Self::PostgresApart => "postgres-apart",
        })
    }
}

/// A shop that runs, and its database, which goes when the shop has gone.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) parts: Parts,
    _database: Database,
}

impl Running {
    pub(super) fn url(&self) -> &str {
        self.parts.url()
    }
}
