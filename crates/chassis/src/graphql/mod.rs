//! The GraphQL edge: scalars, shared types, paging, errors, batching.

pub mod batch;
mod connection;
pub use connection::Total;
mod error;
mod page;
mod scalar;
mod shared;

pub use error::{ErrorCode, ErrorCodes};
pub use page::{DEFAULT_PAGE, MAX_PAGE, Page, PageArgs, PageError, Slice};
pub use scalar::{DateTime, Decimal};
pub use shared::{Money, PageInfo, UserError, UserErrorCode, UserErrors};
