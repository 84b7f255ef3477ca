//! The GraphQL edge: scalars, shared types, paging, errors, batching.

pub mod batch;
mod connection;
pub use connection::{Counted, Total};
pub(crate) mod entities;
mod error;
mod faults;
mod node;
mod page;
mod page_of;
mod replay;
mod scalar;
mod shared;

pub use error::{ErrorCode, ErrorCodes};
pub use faults::{Fault, Faults};
pub use node::{InvalidNodeId, NodeId, node_id};
pub use page::{DEFAULT_PAGE, MAX_PAGE, Page, PageArgs, PageError, Slice};
pub use page_of::{PageOf, SamePage, by_page};
pub use replay::{KEY_RETENTION, REPLAY_KEY, Replay};
pub use scalar::{DateTime, Decimal};
pub use shared::{Money, PageInfo, UserError, UserErrorCode, UserErrors, refused};
