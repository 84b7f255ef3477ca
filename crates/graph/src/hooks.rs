//! Where hive-router's executor calls us: for each fetch, and at the end.

use crate::Inner;
use crate::answer::Response;
use crate::complete::{Fetched, complete};
use crate::fetch::{Source, failure};
use crate::prepare::Prepared;
use async_trait::async_trait;
use bytes::Bytes;
use chassis::codes;
use hive_router::executor::execution::plan::{CoerceVariablesPayload, PlanExecutionOutput};
use hive_router::executor::executors::common::SubgraphExecutorBoxedArc;
use hive_router::executor::response::subgraph_response::SubgraphResponse;
use hive_router::executor::response::value::Value;
use hive_router::plugins::hooks::on_execute::{
    OnExecuteStartHookPayload, OnExecuteStartHookResult,
};
use hive_router::plugins::hooks::on_plugin_init::{OnPluginInitPayload, OnPluginInitResult};
use hive_router::plugins::hooks::on_subgraph_execute::{
    OnSubgraphExecuteStartHookPayload, OnSubgraphExecuteStartHookResult,
};
use hive_router::plugins::plugin_trait::{EndHookPayload, RouterPlugin, StartHookPayload};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Marks an object that a subgraph does not know any more: what that subgraph would resolve is
/// missing for a good reason. No field has such a name.
pub(crate) const GONE: &str = "\u{0}gone";

/// One execution.
pub(crate) struct Running {
    pub(crate) graph: Arc<Inner>,
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) variables: Arc<CoerceVariablesPayload>,
    /// What a subscription has brought: the answer to the first fetch of the event's plan.
    pub(crate) event: Mutex<Option<Bytes>>,
    pub(crate) response: Mutex<Option<Response>>,
}

/// Puts our executors in place of hive-router's, and our completion in place of its projection.
pub(crate) struct Hooks(HashMap<String, SubgraphExecutorBoxedArc>);

impl Hooks {
    pub(crate) fn new(sources: &HashMap<String, Source>) -> Self {
        let executors = sources.iter().map(|(name, source)| (name.clone(), source.executor()));
        Self(executors.collect())
    }
}

#[async_trait]
impl RouterPlugin for Hooks {
    type Config = serde_json::Value;

    fn plugin_name() -> &'static str {
        "graph"
    }

    fn on_plugin_init(_: OnPluginInitPayload<Self>) -> OnPluginInitResult<Self> {
        // hive-router's registry of plugins is not used.
        Ok(None)
    }

    async fn on_execute<'exec>(
        &'exec self,
        mut payload: OnExecuteStartHookPayload<'exec>,
    ) -> OnExecuteStartHookResult<'exec> {
        let Some(running) = payload.context.get_ref::<Arc<Running>>().map(|of| Arc::clone(&of))
        else {
            return payload.proceed();
        };
        payload.data = Value::Object(Vec::new());
        payload.on_end(move |payload| {
            let fetched = Fetched {
                data: &payload.data,
                errors: payload.errors.clone(),
                extensions: &payload.extensions,
                size: payload.response_size_estimate,
            };
            let variables = running.variables.variables_map.as_ref();
            let schema = &running.graph.schema;
            let response = complete(schema, &running.prepared.shape, variables, fetched);
            *running.response.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
            payload.end_with_response(PlanExecutionOutput::default())
        })
    }

    async fn on_subgraph_execute<'exec>(
        &'exec self,
        mut payload: OnSubgraphExecuteStartHookPayload<'exec>,
    ) -> OnSubgraphExecuteStartHookResult<'exec> {
        let running = payload.context.get_ref::<Arc<Running>>().map(|of| Arc::clone(&of));
        let event = running.and_then(|running| {
            running.event.lock().unwrap_or_else(PoisonError::into_inner).take()
        });
        if let Some(event) = event {
            let paths = payload.execution_request.custom_scalar_paths;
            let response = SubgraphResponse::deserialize_from_bytes(event, paths);
            return payload.end_with_response(
                response.unwrap_or_else(|error| {
                    failure(codes::SUBGRAPH_UNAVAILABLE, &error.to_string())
                }),
            );
        }
        match self.0.get(payload.subgraph_name) {
            Some(executor) => payload.executor = executor.clone(),
            None => return payload.end_with_response(failure(codes::INTERNAL, "no executor")),
        }
        payload.proceed()
    }
}
