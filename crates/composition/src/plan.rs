//! Hive's query planner: what it makes of an operation, or why it cannot.

use crate::ast::Document;
use crate::problem::caught;
use crate::{Problem, SUPERGRAPH};
use hive_router::executor::introspection::partition::partition_operation;
use hive_router::graphql_tools::parser::query::Definition;
use hive_router::graphql_tools::static_graphql::query;
use hive_router::graphql_tools::validation::rules::default_rules_validation_plan;
use hive_router::graphql_tools::validation::validate::validate;
use hive_router::query_planner::ast::normalization::normalize_operation;
use hive_router::query_planner::graph::PlannerOverrideContext;
use hive_router::query_planner::planner::{Planner, QueryPlannerOptions};
use hive_router::query_planner::utils::cancellation::CancellationToken;
use hive_router::query_planner::utils::parsing::safe_parse_operation;

/// Why there is no plan for an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It is no GraphQL.
    #[error("the operation does not parse: {0}")]
    Syntax(String),
    /// It asks for what the graph does not have; one message a line.
    #[error("the operation does not fit the graph:\n{0}")]
    Invalid(String),
    /// No sequence of calls to the subgraphs answers it.
    #[error("the operation cannot be planned: {0}")]
    Unplannable(String),
}

/// A planner of one supergraph.
pub(crate) struct Plans(Planner);

impl Plans {
    pub(crate) fn new(supergraph: &Document) -> Result<Self, Problem> {
        caught(|| Planner::new_from_supergraph(supergraph, QueryPlannerOptions::default()))
            .and_then(|planner| planner.map_err(|error| error.to_string()))
            .map(Self)
            .map_err(|why| Problem::new(SUPERGRAPH, format!("the router refuses it: {why}")))
    }

    /// The schema that clients see, with the types of introspection.
    pub(crate) fn schema(&self) -> &Document {
        &self.0.consumer_schema.document
    }

    pub(crate) fn plan(&self, operation: &str) -> Result<String, PlanError> {
        let operation = safe_parse_operation(operation)
            .map_err(|error| PlanError::Syntax(error.to_string()))?;
        let rules = default_rules_validation_plan();
        let errors = caught(|| validate(self.schema(), &operation, &rules))
            .map_err(|panic| PlanError::Invalid(format!("the validator {panic}")))?;
        if !errors.is_empty() {
            let lines = errors.iter().map(|error| match error.locations.first() {
                Some(at) => format!("  line {}, column {}: {}", at.line, at.column, error.message),
                None => format!("  {}", error.message),
            });
            return Err(PlanError::Invalid(lines.collect::<Vec<_>>().join("\n")));
        }
        let operations = operation.definitions.iter();
        let count = operations.filter(|it| matches!(it, Definition::Operation(_))).count();
        if count != 1 {
            let message = format!("  {count} operations: plan one at a time");
            return Err(PlanError::Invalid(message));
        }
        self.tree(&operation)
    }

    /// The plan of an operation that is known to be valid.
    pub(crate) fn tree(&self, operation: &query::Document) -> Result<String, PlanError> {
        let planner = &self.0;
        let tree = caught(|| {
            let normal = normalize_operation(&planner.supergraph, operation, None)
                .map_err(|error| error.to_string())?;
            // The router answers what is asked about the schema itself.
            let partitioned = partition_operation(normal.operation);
            if partitioned.downstream_operation.selection_set.is_empty() {
                return Ok("QueryPlan {\n}".to_owned());
            }
            let plan = planner.plan_from_normalized_operation(
                &partitioned.downstream_operation,
                PlannerOverrideContext::default(),
                &CancellationToken::new(),
            );
            plan.map(|plan| plan.to_string()).map_err(|error| error.to_string())
        });
        let tree = tree
            .unwrap_or_else(|panic| Err(format!("the planner {panic}")))
            .map_err(PlanError::Unplannable)?;
        Ok(tidy(&tree))
    }
}

/// Hive's rendering without the commas after closing braces.
fn tidy(tree: &str) -> String {
    let lines = tree.lines().map(|line| line.strip_suffix("},").map(|line| format!("{line}}}")));
    lines
        .zip(tree.lines())
        .map(|(tidied, line)| tidied.unwrap_or_else(|| line.to_owned()))
        .filter(|line| !line.trim().is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
