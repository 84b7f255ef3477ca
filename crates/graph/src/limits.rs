//! The limits of an operation.

use crate::GraphError;
use crate::brief::Brief;
use hive_router::graphql_tools::validation::rules::default_rules_validation_plan;
use hive_router::graphql_tools::validation::validate::ValidationPlan;
use hive_router::pipeline::validation::max_aliases_rule::MaxAliasesRule;
use hive_router::pipeline::validation::max_depth_rule::MaxDepthRule;
use hive_router::pipeline::validation::max_directives_rule::MaxDirectivesRule;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::time::Duration;

/// The maximum time a subgraph may take to read.
pub const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// The maximum time a subgraph may take to write. Placing an order calls up to three peers one
/// after the other, and each may take `chassis::peer::CALL_TIMEOUT`.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(8);
/// The maximum time a whole request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The maximum number of tokens of a document.
pub(crate) const MAX_TOKENS: usize = 5_000;
/// The maximum depth of an operation; a fragment is a level. The longest useful path through the
/// shop has ten: users, edges, node, orders, edges, node, lines, product, category, name.
const MAX_DEPTH: usize = 12;
const MAX_ALIASES: usize = 30;
const MAX_DIRECTIVES: usize = 30;
/// The maximum number of nested lists of types and fields in a query for the schema, which
/// `MAX_DEPTH` does not concern.
pub(crate) const MAX_INTROSPECTION: usize = 3;
/// The maximum number of errors in one answer. Further ones are left out.
pub(crate) const MAX_ERRORS: usize = 500;

/// GraphQL's validation rules and ours.
pub(crate) fn rules() -> Result<ValidationPlan, GraphError> {
    let mut rules = default_rules_validation_plan();
    rules.add_rule(Box::new(MaxDepthRule { config: limit(MAX_DEPTH)? }));
    rules.add_rule(Box::new(MaxAliasesRule { config: limit(MAX_ALIASES)? }));
    rules.add_rule(Box::new(MaxDirectivesRule { config: limit(MAX_DIRECTIVES)? }));
    rules.add_rule(Box::new(Brief));
    Ok(rules)
}

/// hive-router's configuration of a rule, which has no constructor.
fn limit<T: DeserializeOwned>(n: usize) -> Result<T, GraphError> {
    serde_json::from_value(json!({ "n": n })).map_err(|error| GraphError::Setup(error.to_string()))
}
