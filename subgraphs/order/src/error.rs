//! Everything that can go wrong in this subgraph.

use chassis::codes;
use chassis::db::{DbError, WriteError};
use chassis::graphql::{ErrorCode, InvalidNodeId, PageError, UserError, UserErrors};
use commerce::InvalidId;

/// Everything that can go wrong in the order subgraph.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A query names an id that is none.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// A query asks for a page that is none.
    #[error(transparent)]
    InvalidPage(#[from] PageError),
    /// A query names a global id that is not valid.
    #[error(transparent)]
    InvalidNodeId(#[from] InvalidNodeId),
    /// A query names more global ids than it may.
    #[error("ids must not contain more than {0} ids")]
    TooManyNodes(usize),
    /// A subscription names an order that does not exist.
    #[error("order {0} does not exist")]
    UnknownOrder(commerce::OrderId),
    /// A command refused its input; nothing changed.
    #[error("the input has faults")]
    Refused(Vec<UserError>),
    /// More orders are being placed than there is room for; nothing was done.
    #[error("too many orders are being placed, try again")]
    Crowded,
    /// A subgraph that is needed did not answer.
    #[error("the {0} subgraph is unavailable, try again")]
    PeerUnavailable(&'static str),
    /// A subgraph answered something that its contract does not allow.
    #[error("{0}")]
    Peer(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl ErrorCode for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidId(_)
            | Self::InvalidPage(_)
            | Self::InvalidNodeId(_)
            | Self::TooManyNodes(_)
            | Self::Refused(_) => codes::BAD_USER_INPUT,
            Self::UnknownOrder(_) => codes::NOT_FOUND,
            Self::Crowded => codes::UNAVAILABLE,
            Self::PeerUnavailable(_) => codes::SUBGRAPH_UNAVAILABLE,
            Self::Peer(_) => codes::INTERNAL,
            Self::Database(error) => error.code(),
        }
    }

    fn unavailable_subgraph(&self) -> Option<&'static str> {
        match self {
            Self::PeerUnavailable(peer) => Some(peer),
            _ => None,
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
