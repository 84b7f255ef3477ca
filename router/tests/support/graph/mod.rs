//! Three subgraphs: one with products, one with their orders, one that nobody serves.

pub(crate) mod order;
pub(crate) mod product;
pub(crate) mod weather;

use chassis::codes;
use chassis::graphql::ErrorCode;

/// What resolvers fail with.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no such thing")]
    Missing,
    #[error("table secret_table is on fire")]
    Broken,
}

impl ErrorCode for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "NOT_FOUND",
            Self::Broken => codes::INTERNAL,
        }
    }
}
