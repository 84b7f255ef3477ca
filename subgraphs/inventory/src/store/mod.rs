//! All SQL of this subgraph, one file a noun.

pub(crate) mod adjustment_key;
pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod ended_product;
pub(crate) mod ledger;
pub(crate) mod reservation;
pub(crate) mod stock_item;
