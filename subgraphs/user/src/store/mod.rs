//! All SQL of this subgraph, one file a noun.

pub(crate) mod bulk;
pub(crate) mod profile;
pub(crate) mod user;
