//! Everything that can go wrong in this subgraph.

use crate::domain::InvalidReservationId;
use chassis::codes;
use chassis::db::{DbError, WriteError};
use chassis::graphql::{ErrorCode, PageError, UserError, UserErrors};
use commerce::InvalidId;

/// Everything that can go wrong in the inventory subgraph.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A query names an id that is none.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// A query names a reservation id that is none.
    #[error(transparent)]
    InvalidReservationId(#[from] InvalidReservationId),
    /// A query asks for a page that is none.
    #[error(transparent)]
    InvalidPage(#[from] PageError),
    /// A filter that makes no sense; the text says why.
    #[error("{0}")]
    InvalidFilter(String),
    /// A command refused its input; nothing changed.
    #[error("the input has faults")]
    Refused(Vec<UserError>),
    /// The counters cannot take what the ledger says; nothing changed. A fault of ours.
    #[error("the counters contradict the ledger: {0}")]
    Contradiction(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl ErrorCode for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidId(_)
            | Self::InvalidReservationId(_)
            | Self::InvalidPage(_)
            | Self::InvalidFilter(_)
            | Self::Refused(_) => codes::BAD_USER_INPUT,
            Self::Contradiction(_) => codes::INTERNAL,
            Self::Database(error) => error.code(),
        }
    }
}

impl WriteError for Error {
    fn database(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl UserErrors for Error {
    fn into_user_errors(self) -> Result<Vec<UserError>, Self> {
        match self {
            Self::Refused(errors) => Ok(errors),
            other => Err(other),
        }
    }
}

impl From<Vec<UserError>> for Error {
    fn from(errors: Vec<UserError>) -> Self {
        Self::Refused(errors)
    }
}
