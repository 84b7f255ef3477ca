//! The values of `extensions.code` that every subgraph shares. `docs/errors.md` explains each.

/// The operation cannot be carried out as written: an id that is no id, a page that is no page.
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// A fault of ours; the cause is in the log.
pub const INTERNAL: &str = "INTERNAL_SERVER_ERROR";
/// What the operation names does not exist.
pub const NOT_FOUND: &str = "NOT_FOUND";
/// Reading what the operation asks for takes longer than a read may.
pub const QUERY_TOO_EXPENSIVE: &str = "QUERY_TOO_EXPENSIVE";
/// A subgraph that is needed did not answer; `extensions.subgraph` names it.
pub const SUBGRAPH_UNAVAILABLE: &str = "SUBGRAPH_UNAVAILABLE";
/// The extension that names the subgraph which did not answer.
pub const SUBGRAPH_KEY: &str = "subgraph";
/// Nothing was done and trying again later can help.
pub const UNAVAILABLE: &str = "UNAVAILABLE";
