//! Everything that can go wrong in this subgraph.

use chassis::codes;
use chassis::db::{DbError, WriteError};
use chassis::graphql::{ErrorCode, PageError, UserError, UserErrors};
use commerce::{InvalidId, ProfileId};

/// Everything that can go wrong in the user subgraph.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A query names an id that is none.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// A query asks for a page that is none.
    #[error(transparent)]
    InvalidPage(#[from] PageError),
    /// A command refused its input; nothing changed.
    #[error("the input has faults")]
    Refused(Vec<UserError>),
    /// A user was deleted while its profile was being read; reading again finds neither.
    #[error("the user of profile {0} was deleted meanwhile")]
    Vanished(ProfileId),
    /// More passwords are waiting to be hashed than the queue takes.
    #[error("too many passwords are waiting to be hashed")]
    TooManyHashes,
    /// A password could not be hashed; the text says why.
    #[error("password hashing failed: {0}")]
    Hashing(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl ErrorCode for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidId(_) | Self::InvalidPage(_) | Self::Refused(_) => codes::BAD_USER_INPUT,
            Self::Vanished(_) | Self::TooManyHashes => codes::UNAVAILABLE,
            Self::Hashing(_) => codes::INTERNAL,
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
