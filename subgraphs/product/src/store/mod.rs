//! All SQL of this subgraph, one file a noun.

pub(crate) mod bulk;
pub(crate) mod category;
pub(crate) mod listing;
pub(crate) mod outbox;
pub(crate) mod product;
pub(crate) mod search;
