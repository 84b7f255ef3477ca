//! From the text of an operation to its plan: everything that does not depend on variables.

use crate::answer::Rejection;
use crate::limits::{MAX_INTROSPECTION, MAX_TOKENS};
use crate::shape::{Field, Shape};
use crate::{Inner, cost, errors, lower, plan, shape, text};
use chassis::codes;
use hive_router::GraphQLError;
use hive_router::executor::response::graphql_error::GraphQLErrorLocation;
use hive_router::graphql_tools::static_graphql::query::{
    Definition, Directive, Document, OperationDefinition, Selection, SelectionSet, Type, Value,
    VariableDefinition,
};
use hive_router::graphql_tools::validation::validate::validate;
use hive_router::query_planner::ast::normalization::normalize_operation;
use hive_router::query_planner::planner::plan_nodes::QueryPlan;
use hive_router::query_planner::state::supergraph_state::OperationKind;
use hive_router::query_planner::utils::cancellation::CancellationToken;
use hive_router::query_planner::utils::parsing::safe_parse_operation_with_token_limit;
use moka::future::Cache;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// The maximum time that planning an operation may take.
const PLANNING_TIMEOUT: Duration = if cfg!(debug_assertions) {
    // Without optimisation it takes ten times as long.
    Duration::from_secs(10)
} else {
    Duration::from_secs(1)
};
/// The stack of a thread that prepares an operation: address space, not memory. hive-router parses,
/// validates and plans by recursion, and a thread whose stack overflows ends the process.
const STACK_BYTES: usize = 32 * 1024 * 1024;
/// The maximum number of operations that wait to be prepared or are being prepared.
const MAX_WAITING: usize = 256;
/// How long an operation may wait for a thread.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The maximum size of the cache of prepared operations, by estimate.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// The maximum number of prepared operations in the cache.
const CACHE_ENTRIES: u64 = 1_000;
/// How long an operation stays in the cache that no client sends any more.
const CACHE_IDLE: Duration = Duration::from_secs(3_600);
/// The estimated memory of a prepared operation per byte of its text.
const BYTES_PER_BYTE: u64 = 64;

/// A prepared operation.
pub(crate) struct Prepared {
    pub(crate) kind: OperationKind,
    pub(crate) shape: Shape,
    pub(crate) variables: Vec<VariableDefinition>,
    /// Variables whose type allows null and whose use does not.
    pub(crate) required: HashSet<String>,
    /// `None` if no subgraph has to be asked.
    pub(crate) plan: Option<QueryPlan>,
}

/// The text and the name of an operation.
#[derive(Eq, Hash, PartialEq)]
struct Key {
    query: String,
    operation_name: Option<String>,
}

/// Prepares operations, each once, on threads of their own.
pub(crate) struct Preparing {
    prepared: Cache<Arc<Key>, Arc<Prepared>>,
    waiting: Semaphore,
    running: Arc<Semaphore>,
}

impl Default for Preparing {
    fn default() -> Self {
        let least = CACHE_BYTES / CACHE_ENTRIES;
        let weigh = move |key: &Arc<Key>, _: &Arc<Prepared>| {
            let estimate = BYTES_PER_BYTE * u64::try_from(key.query.len()).unwrap_or(u64::MAX);
            u32::try_from(estimate.max(least)).unwrap_or(u32::MAX)
        };
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            prepared: Cache::builder()
                .max_capacity(CACHE_BYTES)
                .weigher(weigh)
                .time_to_idle(CACHE_IDLE)
                .build(),
            waiting: Semaphore::new(MAX_WAITING),
            running: Arc::new(Semaphore::new(threads)),
        }
    }
}

impl Inner {
    /// The prepared operation, from the cache if it is there.
    pub(crate) async fn prepare(
        self: &Arc<Self>,
        query: String,
        operation_name: Option<String>,
    ) -> Result<Arc<Prepared>, Rejection> {
        let key = Arc::new(Key { query, operation_name });
        if let Some(prepared) = self.preparing.prepared.get(&key).await {
            return Ok(prepared);
        }
        let prepare = self.prepare_on_thread(Arc::clone(&key));
        let prepared = self.preparing.prepared.try_get_with(key, prepare).await;
        prepared.map_err(|rejection| (*rejection).clone())
    }

    async fn prepare_on_thread(
        self: &Arc<Self>,
        key: Arc<Key>,
    ) -> Result<Arc<Prepared>, Rejection> {
        let busy = || Rejection::new(codes::UNAVAILABLE, "too many new operations, try again");
        let _waiting = self.preparing.waiting.try_acquire().map_err(|_| busy())?;
        let running = Arc::clone(&self.preparing.running).acquire_owned();
        let running = tokio::time::timeout(MAX_WAIT, running).await.map_err(|_| busy())?;
        let running = running.map_err(|_| busy())?;
        let (send, receive) = oneshot::channel();
        let graph = Arc::clone(self);
        let work = move || {
            let prepared = catch_unwind(AssertUnwindSafe(|| graph.prepare_now(&key)));
            drop(running);
            // The client may have gone away.
            let _ = send.send(prepared);
        };
        let thread = std::thread::Builder::new().name("prepare".to_owned());
        thread.stack_size(STACK_BYTES).spawn(work).map_err(|error| {
            tracing::error!(%error, "No thread could be started to prepare an operation.");
            busy()
        })?;
        match receive.await {
            Ok(Ok(prepared)) => prepared.map(Arc::new),
            Ok(Err(_)) | Err(_) => {
                tracing::error!("Preparing an operation panicked.");
                Err(Rejection::new(codes::INTERNAL, errors::INTERNAL_MESSAGE))
            }
        }
    }

    fn prepare_now(&self, key: &Key) -> Result<Prepared, Rejection> {
        let document = parse(&key.query)?;
        let operation = chosen(&document, key.operation_name.as_deref()).ok_or_else(|| {
            let message = "operationName must name an operation of the document. It is optional \
                           only if there is exactly one.";
            Rejection::new("OPERATION_RESOLUTION_FAILURE", message)
        })?;
        let too_many = || Rejection::new(cost::TOO_MANY, cost::message());
        if cost::selects_too_much(&document) {
            return Err(too_many());
        }
        let invalid = validate(&self.schema.document, &document, &self.rules);
        if !invalid.is_empty() {
            return Err(Rejection(
                invalid.iter().map(|error| invalid_query(error.into())).collect(),
            ));
        }
        let shape = Shape::new(&self.schema, &document, operation).ok_or_else(too_many)?;
        self.check_introspection(&shape)?;
        let (kind, variables, set) = parts(operation);
        if kind == OperationKind::Subscription && has_conditions(set) {
            let message = "the root field of a subscription must not have @skip or @include";
            return Err(Rejection::new(errors::INVALID_QUERY, message));
        }
        let plan = if shape.needs_subgraphs() {
            Some(self.plan(&lower::lower(&self.schema, &shape, operation))?)
        } else {
            None
        };
        let mut conditions = HashSet::new();
        for definition in &document.definitions {
            collect_conditions(selections(definition), &mut conditions);
        }
        let allows_null = |name: &String| {
            let definition = variables.iter().find(|definition| definition.name == *name);
            definition.is_some_and(|of| !matches!(of.var_type, Type::NonNullType(_)))
        };
        conditions.retain(allows_null);
        Ok(Prepared { kind, shape, variables: variables.to_vec(), required: conditions, plan })
    }

    fn check_introspection(&self, shape: &Shape) -> Result<(), Rejection> {
        if !self.introspection && shape.introspection().next().is_some() {
            let message = "Introspection queries are disabled";
            return Err(Rejection::new("INTROSPECTION_DISABLED", message));
        }
        let levels = |field: &Field| shape::introspection_levels(std::slice::from_ref(field));
        if shape.introspection().any(|field| levels(field) > MAX_INTROSPECTION) {
            let message = format!(
                "a query for the schema must not nest more than {MAX_INTROSPECTION} lists of \
                 types and fields"
            );
            return Err(Rejection::new("MAX_DEPTH_EXCEEDED", message));
        }
        Ok(())
    }

    fn plan(&self, document: &Document) -> Result<QueryPlan, Rejection> {
        let failed = |error: &dyn std::fmt::Display| {
            tracing::warn!(%error, "No plan was found for an operation.");
            let message = "no plan was found for the operation in time, try again or ask for less";
            Rejection::new("QUERY_PLAN_BUILD_FAILED", message)
        };
        let normal = normalize_operation(&self.planner.supergraph, document, None)
            .map_err(|error| failed(&error))?;
        // The type of the second argument has no public name.
        let in_time = CancellationToken::with_timeout(PLANNING_TIMEOUT);
        let mut plan = self
            .planner
            .plan_from_normalized_operation(&normal.operation, Default::default(), &in_time)
            .map_err(|error| failed(&error))?;
        if let Some(node) = &mut plan.node {
            plan::drop_unused_variables(node);
        }
        Ok(plan.into_executable())
    }
}

fn parse(query: &str) -> Result<Document, Rejection> {
    let failed = |message: String| Rejection::new("GRAPHQL_PARSE_FAILED", message);
    let query = text::rewrite(query)
        .map_err(|error| failed(format!("Failed to parse GraphQL operation: {error}")))?;
    safe_parse_operation_with_token_limit(&query, MAX_TOKENS).map_err(|error| {
        let message = error.to_string();
        let mut rejection = if message.contains("Token limit exceeded") {
            Rejection::new("TOKEN_LIMIT_EXCEEDED", "Token limit exceeded.")
        } else {
            failed(format!("Failed to parse GraphQL operation: {message}"))
        };
        let location = GraphQLErrorLocation::from(&error.0.position);
        for error in &mut rejection.0 {
            error.locations = Some(vec![GraphQLErrorLocation { ..location.clone() }]);
        }
        rejection
    })
}

fn invalid_query(mut error: GraphQLError) -> GraphQLError {
    errors::settle(&mut error);
    error
}

fn chosen<'a>(document: &'a Document, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let mut operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::Operation(operation) => Some(operation),
        Definition::Fragment(_) => None,
    });
    match name {
        Some(name) => operations.find(|operation| name_of(operation) == Some(name)),
        None => operations.next().filter(|_| operations.next().is_none()),
    }
}

fn name_of(operation: &OperationDefinition) -> Option<&str> {
    match operation {
        OperationDefinition::SelectionSet(_) => None,
        OperationDefinition::Query(query) => query.name.as_deref(),
        OperationDefinition::Mutation(mutation) => mutation.name.as_deref(),
        OperationDefinition::Subscription(subscription) => subscription.name.as_deref(),
    }
}

fn parts(operation: &OperationDefinition) -> (OperationKind, &[VariableDefinition], &SelectionSet) {
    match operation {
        OperationDefinition::SelectionSet(set) => (OperationKind::Query, &[], set),
        OperationDefinition::Query(of) => {
            (OperationKind::Query, &of.variable_definitions, &of.selection_set)
        }
        OperationDefinition::Mutation(of) => {
            (OperationKind::Mutation, &of.variable_definitions, &of.selection_set)
        }
        OperationDefinition::Subscription(of) => {
            (OperationKind::Subscription, &of.variable_definitions, &of.selection_set)
        }
    }
}

fn selections(definition: &Definition) -> &SelectionSet {
    match definition {
        Definition::Operation(operation) => parts(operation).2,
        Definition::Fragment(fragment) => &fragment.selection_set,
    }
}

fn directives(selection: &Selection) -> (&[Directive], Option<&SelectionSet>) {
    match selection {
        Selection::Field(field) => (&field.directives, Some(&field.selection_set)),
        Selection::InlineFragment(inline) => (&inline.directives, Some(&inline.selection_set)),
        Selection::FragmentSpread(spread) => (&spread.directives, None),
    }
}

fn has_conditions(set: &SelectionSet) -> bool {
    set.items.iter().any(|selection| {
        let is_condition =
            |directive: &Directive| matches!(directive.name.as_str(), "skip" | "include");
        directives(selection).0.iter().any(is_condition)
    })
}

/// The variables of `@skip` and `@include`.
fn collect_conditions(set: &SelectionSet, found: &mut HashSet<String>) {
    for selection in &set.items {
        let (directives, below) = directives(selection);
        for (name, value) in directives.iter().flat_map(|directive| &directive.arguments) {
            if let ("if", Value::Variable(variable)) = (name.as_str(), value) {
                found.insert(variable.clone());
            }
        }
        if let Some(below) = below {
            collect_conditions(below, found);
        }
    }
}
