//! Executes plans with hive-router's executor.

use crate::answer::{Answer, Rejection, Response};
use crate::complete::{Fetched, complete};
use crate::hooks::{Hooks, Running};
use crate::prepare::Prepared;
use crate::{Graph, GraphError, Inner, Request, errors, plan};
use bytes::Bytes;
use chassis::codes;
use chassis::graphql::REPLAY_KEY;
use futures::{FutureExt, StreamExt};
use hive_router::config::log::LoggingConfig;
use hive_router::config::telemetry::tracing::TracingPropagationConfig;
use hive_router::config::traffic_shaping::SupergraphTrafficShapingConfig;
use hive_router::executor::SubgraphExecutorMap;
use hive_router::executor::execution::client_request_details::{
    ClientRequestDetails, JwtRequestDetails, OperationDetails, PathParams,
};
use hive_router::executor::execution::operation_name::OperationNameFactory;
use hive_router::executor::execution::plan::{
    CoerceVariablesPayload, ExecutionResultExtensions, QueryPlanExecutionOpts, execute_query_plan,
};
use hive_router::executor::extensions::plan::{
    ExtensionsMergeStrategy, ExtensionsPlan, ExtensionsPropagatePlan,
};
use hive_router::executor::headers::plan::HeaderRulesPlan;
use hive_router::executor::headers::response::ResponseHeaderSink;
use hive_router::executor::introspection::resolve::IntrospectionContext;
use hive_router::executor::plugin_context::{PluginContext, PluginRequestState, RouterHttpRequest};
use hive_router::executor::plugin_trait::RouterPluginBoxed;
use hive_router::executor::projection::plan::ProjectionPlan;
use hive_router::executor::request_context::SharedRequestContext;
use hive_router::executor::response::value::Value;
use hive_router::ntex::http::HeaderMap;
use hive_router::ntex::router::Path;
use hive_router::query_planner::ast::operation::OperationDefinition;
use hive_router::query_planner::ast::selection_set::SelectionSet;
use hive_router::query_planner::planner::plan_nodes::QueryPlan;
use hive_router::query_planner::state::supergraph_state::OperationKind;
use hive_router::telemetry::TelemetryContext;
use hive_router::telemetry::traces::spans::graphql::GraphQLOperationSpan;
use http::{Method, Uri, Version};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

/// What hive-router wants with every execution and what is the same in all of them.
pub(crate) struct Environment {
    plugins: Arc<Vec<RouterPluginBoxed>>,
    extensions: Arc<ExtensionsPlan>,
    headers: Arc<HeaderRulesPlan>,
    no_headers: Arc<HeaderMap>,
    uri: Uri,
    path: Path<Uri>,
    /// The completion does the work of hive-router's projection.
    projection: Arc<ProjectionPlan>,
    operation: Arc<OperationDefinition>,
}

impl Environment {
    pub(crate) fn new(hooks: Hooks) -> Self {
        // Of what subgraphs say about their answers, clients learn this and nothing else. They say
        // `true` or nothing: whichever fetch of an operation says it, the answer does.
        let propagate = ExtensionsPropagatePlan {
            strategy: ExtensionsMergeStrategy::First,
            allow: Some([REPLAY_KEY.to_owned()].into_iter().collect()),
        };
        let uri = Uri::from_static("http://graph/graphql");
        let plugins: Vec<RouterPluginBoxed> = vec![Box::new(hooks)];
        Self {
            plugins: Arc::new(plugins),
            extensions: Arc::new(ExtensionsPlan { propagate: Some(propagate) }),
            headers: Arc::default(),
            no_headers: Arc::new(HeaderMap::new()),
            path: Path::new(uri.clone()),
            uri,
            projection: Arc::default(),
            operation: Arc::new(OperationDefinition {
                name: None,
                operation_kind: None,
                selection_set: SelectionSet { items: Vec::new() },
                variable_definitions: None,
            }),
        }
    }
}

/// hive-router's executors, which are never called: the hooks replace them.
pub(crate) fn executors<'n>(
    names: impl Iterator<Item = &'n String>,
) -> Result<SubgraphExecutorMap, GraphError> {
    let addresses = names.map(|name| (name.clone(), "http://replaced/".to_owned())).collect();
    let telemetry = TelemetryContext::from_propagation_config(
        &TracingPropagationConfig::default(),
        &LoggingConfig::default(),
    );
    let mut shaping = SupergraphTrafficShapingConfig::default();
    // A client that reads no certificates: a system without any must work. It sends nothing.
    let tls = serde_json::json!({ "insecure_skip_ca_verification": true });
    shaping.all.tls =
        serde_json::from_value(tls).map_err(|error| GraphError::Setup(error.to_string()))?;
    SubgraphExecutorMap::from_http_endpoint_map(
        &addresses,
        shaping,
        Default::default(),
        Default::default(),
        None,
        Arc::new(telemetry),
        Default::default(),
    )
    .map_err(|error| GraphError::Setup(error.to_string()))
}

impl Graph {
    /// Parses, checks, plans and coerces. Nothing is executed until the answer is polled.
    ///
    /// # Errors
    /// Why the request is not executed.
    pub async fn answer(&self, request: Request) -> Result<Answer, Rejection> {
        let Request { query, operation_name, variables } = request;
        let prepared = self.0.prepare(query, operation_name).await?;
        let coerced = self.0.inputs.coerce(&prepared.variables, &prepared.required, &variables);
        let variables =
            Arc::new(CoerceVariablesPayload { variables_map: Some(coerced.map_err(Rejection)?) });
        if prepared.kind == OperationKind::Subscription {
            return self.subscribe(&prepared, &variables);
        }
        let mutates = prepared.kind == OperationKind::Mutation;
        let graph = Arc::clone(&self.0);
        let response = async move {
            match &prepared.plan {
                Some(plan) => graph.run(&prepared, plan, &variables, None).await,
                None => {
                    let fetched = Fetched {
                        data: &Value::Null,
                        errors: Vec::new(),
                        extensions: &HashMap::new(),
                        size: 0,
                    };
                    let variables = variables.variables_map.as_ref();
                    complete(&graph.schema, &prepared.shape, variables, fetched)
                }
            }
        };
        Ok(Answer::Once { mutates, response: response.boxed() })
    }

    fn subscribe(
        &self,
        prepared: &Arc<Prepared>,
        variables: &Arc<CoerceVariablesPayload>,
    ) -> Result<Answer, Rejection> {
        let no_event =
            || Rejection::new(errors::INVALID_QUERY, "the subscription selects no event");
        let plan = prepared.plan.as_ref().ok_or_else(no_event)?;
        let (primary, plan) = plan::per_event(plan).ok_or_else(no_event)?;
        let source = self.0.sources.get(&primary.service_name).ok_or_else(no_event)?;
        let events = source.subscribe(&primary, variables.variables_map.as_ref());
        let (graph, plan) = (Arc::clone(&self.0), Arc::new(plan));
        let (prepared, variables) = (Arc::clone(prepared), Arc::clone(variables));
        let responses = events.then(move |event| {
            let (graph, plan) = (Arc::clone(&graph), Arc::clone(&plan));
            let (prepared, variables) = (Arc::clone(&prepared), Arc::clone(&variables));
            async move { graph.run(&prepared, &plan, &variables, Some(event)).await }
        });
        Ok(Answer::Stream(responses.boxed()))
    }
}

impl Inner {
    /// Executes a plan. Never panics: hive-router has some hundred places that do.
    async fn run(
        self: &Arc<Self>,
        prepared: &Arc<Prepared>,
        plan: &QueryPlan,
        variables: &Arc<CoerceVariablesPayload>,
        event: Option<Bytes>,
    ) -> Response {
        let running = Arc::new(Running {
            graph: Arc::clone(self),
            prepared: Arc::clone(prepared),
            variables: Arc::clone(variables),
            event: Mutex::new(event),
            response: Mutex::default(),
        });
        let execution = self.execute(plan, &running);
        match AssertUnwindSafe(execution).catch_unwind().await {
            Ok(()) => {}
            Err(_) => tracing::error!("Executing an operation panicked."),
        }
        let response = running.response.lock().unwrap_or_else(PoisonError::into_inner).take();
        response.unwrap_or_else(|| Response {
            body: Rejection::new(codes::INTERNAL, errors::INTERNAL_MESSAGE).body(),
            unavailable: false,
        })
    }

    async fn execute(&self, plan: &QueryPlan, running: &Arc<Running>) {
        let environment = &self.environment;
        let context = PluginContext::default();
        context.insert(Arc::clone(running));
        let options = QueryPlanExecutionOpts {
            query_plan: plan,
            operation_for_plan: Arc::clone(&environment.operation),
            projection_plan: Arc::clone(&environment.projection),
            headers_plan: Arc::clone(&environment.headers),
            extensions_plan: Arc::clone(&environment.extensions),
            variable_values: Arc::clone(&running.variables),
            extensions: ExecutionResultExtensions::default(),
            client_request: Arc::new(ClientRequestDetails {
                method: &Method::POST,
                url: &environment.uri,
                headers: Arc::clone(&environment.no_headers),
                operation: OperationDetails { name: None, query: "", kind: "query" },
                jwt: Arc::new(JwtRequestDetails::Unauthenticated),
                path_params: PathParams::default(),
            }),
            introspection_context: Arc::new(IntrospectionContext {
                query: None,
                schema: Arc::clone(&self.schema.document),
                metadata: Arc::clone(&self.metadata),
                variables: Arc::clone(&running.variables),
            }),
            operation_type_name: running.prepared.shape.root.clone(),
            operation_kind: running.prepared.kind.clone(),
            executors: Arc::clone(&self.executors),
            jwt_auth_forwarding: None,
            graphql_error_recorder: None,
            demand_control_context: None,
            initial_errors: Vec::new(),
            span: GraphQLOperationSpan::new(),
            plugin_req_state: Some(PluginRequestState {
                plugins: Arc::clone(&environment.plugins),
                router_http_request: RouterHttpRequest {
                    uri: &environment.uri,
                    method: &Method::POST,
                    version: Version::HTTP_11,
                    headers: &environment.no_headers,
                    path: "/graphql",
                    query_string: "",
                    match_info: &environment.path,
                },
                context: Arc::new(context),
                request_context: SharedRequestContext::default(),
            }),
            operation_name_factory: OperationNameFactory::default(),
            response_header_sink: ResponseHeaderSink::default(),
            error_masking_runtime: Arc::new(None),
            connection_fingerprint: None,
        };
        if let Err(error) = execute_query_plan(options).await {
            tracing::error!(%error, "Executing a plan failed.");
        }
    }
}
