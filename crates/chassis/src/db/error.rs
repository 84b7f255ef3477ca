//! What can go wrong with a database, sorted by what to do about it.

use crate::codes;
use std::sync::Arc;

const SQLITE_BUSY: u32 = 5;
/// SQLite interrupted a statement.
const SQLITE_INTERRUPT: &str = "9";
/// PostgreSQL cancelled a statement that ran for longer than `statement_timeout`.
const POSTGRES_CANCELLED: &str = "57014";
/// PostgreSQL is shutting down, crashed, or starting up; or has too many connections
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const UNREACHABLE_STATES: [&str; 4] = ["57P01", "57P02", "57P03", "53300"];

/// A database operation that failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    /// More writes are waiting than the queue takes.
    #[error("too many writes are waiting")]
    Busy,
    /// PostgreSQL took too long; a write may have happened all the same.
    #[error("the database took too long")]
    Late,
    /// A read took longer than a read may, and was interrupted.
    #[error("the query took too long; request less data, or narrow the filter")]
    TooExpensive,
    /// Another write of the same commit met a fault of the disk, and SQLite undid them all.
    #[error("undone together with another write")]
    Undone,
    /// Another process has the SQLite file, which must have one owner.
    #[error("another process has it open")]
    Owned,
    /// The directory of a SQLite file cannot be used.
    #[error("its directory cannot be used: {0}")]
    Directory(#[source] Arc<std::io::Error>),
    /// The database refused or could not be reached.
    #[error("database error: {0}")]
    Failed(#[source] Arc<sqlx::Error>),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(Arc::new(error))
    }
}

/// The error of a write: a subgraph's own enum, which may wrap a database error.
pub trait WriteError: From<DbError> + Send + 'static {
    /// The database error inside, if that is what it is.
    fn database(&self) -> Option<&DbError>;
}

impl WriteError for DbError {
    fn database(&self) -> Option<&DbError> {
        Some(self)
    }
}

impl DbError {
    /// A row with this unique value exists already.
    pub fn is_unique_violation(&self) -> bool {
        self.driver().is_some_and(|error| error.is_unique_violation())
    }

    /// A row breaks a `check` rule.
    pub fn is_check_violation(&self) -> bool {
        self.driver().is_some_and(|error| error.is_check_violation())
    }

    /// A row names another that does not exist.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.driver().is_some_and(|error| error.is_foreign_key_violation())
    }

    /// `UNAVAILABLE` when trying again later can help, `QUERY_TOO_EXPENSIVE` when a read took too
    /// long, else `INTERNAL_SERVER_ERROR`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooExpensive => codes::QUERY_TOO_EXPENSIVE,
            error if error.is_unavailable() => codes::UNAVAILABLE,
            _ => codes::INTERNAL,
        }
    }

    /// The error of a read that has a deadline of its own: being interrupted there means that it was
    /// too expensive. In a write it means that it waited for others.
    pub(super) fn of_read(error: sqlx::Error) -> Self {
        let error = Self::from(error);
        match error.sql_state().as_deref() {
            Some(SQLITE_INTERRUPT | POSTGRES_CANCELLED) => Self::TooExpensive,
            _ => error,
        }
    }

    /// PostgreSQL chose this transaction as the victim of a deadlock or of a serialization failure.
    pub(crate) fn is_worth_retrying(&self) -> bool {
        self.sql_state().is_some_and(|state| state == "40001" || state == "40P01")
    }

    /// Somebody else has SQLite's write lock.
    pub(crate) fn is_locked(&self) -> bool {
        let code = self.sql_state().and_then(|code| code.parse::<u32>().ok());
        code.is_some_and(|code| code & 0xff == SQLITE_BUSY)
    }

    /// The fault lies in the ground (disk, lock, connection), not in the statement.
    fn is_unavailable(&self) -> bool {
        match self {
            Self::Busy | Self::Late | Self::Undone | Self::Owned | Self::Directory(_) => true,
            Self::TooExpensive => false,
            Self::Failed(error) => match &**error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Tls(_) => true,
                sqlx::Error::Database(error) => {
                    error.code().is_some_and(|code| is_unavailable_code(&code))
                }
                _ => false,
            },
        }
    }

    fn sql_state(&self) -> Option<std::borrow::Cow<'_, str>> {
        self.driver().and_then(|error| error.code())
    }

    fn driver(&self) -> Option<&dyn sqlx::error::DatabaseError> {
        match self {
            Self::Failed(error) => error.as_database_error(),
            _ => None,
        }
    }
}

/// Whether `error`, or one of its causes, says that PostgreSQL cannot be reached now: nothing
/// listens, its name is not known yet, it starts up or shuts down, or has no connection to spare.
/// Waiting helps, other settings do not.
pub fn is_unreachable(error: &(dyn std::error::Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.into_iter().any(|cause| {
        let driver = match cause.downcast_ref::<DbError>() {
            Some(DbError::Failed(error)) => Some(&**error),
            _ => cause.downcast_ref::<sqlx::Error>(),
        };
        match driver {
            Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            Some(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| UNREACHABLE_STATES.contains(&&*code))
            }
            _ => false,
        }
    })
}

/// SQLite's primary result codes are the low byte of a number; PostgreSQL's are five characters.
fn is_unavailable_code(code: &str) -> bool {
    if code.len() == 5 {
        // Connection, resources, operator intervention, its disk, and the two that a retry can mend;
        // a server that only reads, a transaction that was left alone, a lock that is not free.
        let classes = ["08", "40", "53", "57", "58", "25006", "25P03", "55P03"];
        return classes.iter().any(|class| code.starts_with(class));
    }
    // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 8 | 10 | 13 | 14))
}
