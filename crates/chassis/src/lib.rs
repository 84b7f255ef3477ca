//! What every subgraph process needs and no subgraph owns: storage, the GraphQL edge, paging,
//! calls between subgraphs, serving.
//!
//! Deliberately absent: any rule of the shop.

pub mod codes;
pub mod db;
pub mod fault;
pub mod graphql;
pub mod peer;
pub mod server;
pub mod subgraph;

pub use db::{Db, DbError, Tx};
pub use peer::{CallError, Peer};
pub use subgraph::Subgraph;
