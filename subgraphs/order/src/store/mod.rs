//! All SQL of this subgraph, one file a noun.

pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod effect;
pub(crate) mod event;
pub(crate) mod line;
pub(crate) mod order;
pub(crate) mod placement;
