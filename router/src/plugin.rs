//! Where hive-router lets us in: pages, the supergraph, in-process subgraphs, errors.

use crate::brief::Brief;
use crate::config::CSRF_HEADERS;
use crate::in_process::{Hurried, InProcess};
use crate::{Endpoint, Metrics, Options, Readiness, document, errors, nesting, pages};
use async_trait::async_trait;
use hive_router::executor::executors::common::{SubgraphExecutor, SubgraphExecutorBoxedArc};
use hive_router::ntex::http::header::{
    CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, RETRY_AFTER, UPGRADE,
};
use hive_router::ntex::http::{Method, Response, StatusCode};
use hive_router::plugins::hooks::on_graphql_error::{
    OnGraphQLErrorHookPayload, OnGraphQLErrorHookResult,
};
use hive_router::plugins::hooks::on_graphql_params::{
    OnGraphQLParamsStartHookPayload, OnGraphQLParamsStartHookResult,
};
use hive_router::plugins::hooks::on_graphql_parse::{
    OnGraphQLParseHookResult, OnGraphQLParseStartHookPayload,
};
use hive_router::plugins::hooks::on_graphql_validation::{
    OnGraphQLValidationStartHookPayload, OnGraphQLValidationStartHookResult,
};
use hive_router::plugins::hooks::on_http_request::{
    OnHttpRequestHookFuture, OnHttpRequestHookPayload,
};
use hive_router::plugins::hooks::on_plugin_init::{OnPluginInitPayload, OnPluginInitResult};
use hive_router::plugins::hooks::on_subgraph_execute::{
    OnSubgraphExecuteStartHookPayload, OnSubgraphExecuteStartHookResult,
};
use hive_router::plugins::hooks::on_supergraph_load::Supergraph;
use hive_router::plugins::plugin_trait::{EndHookPayload, RouterPlugin, StartHookPayload};
use hive_router::{ArcSwap, GraphQLError};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_util::task::TaskTracker;
use url::form_urlencoded;

/// How long a client should wait before it asks again for what was unavailable, in seconds.
const RETRY_AFTER_SECONDS: &str = "1";

const JSON: &str = "application/json";

/// Left in a request's context by an error that waiting can mend.
struct Unavailable;

tokio::task_local! {
    /// hive-router makes its plugins itself and gives them only what JSON can hold. It makes them
    /// while it is set up, in the task that does so, which leaves the plugin's parts here.
    pub(crate) static PARTS: Plugin;
}

/// One router's parts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Plugin(Arc<Parts>);

struct Parts {
    subgraphs: HashMap<String, SubgraphExecutorBoxedArc>,
    /// Gone when the router stops, which ends every subscription that was opened with it.
    supergraph: ArcSwap<Option<Arc<Supergraph>>>,
    running: TaskTracker,
    development: bool,
    metrics: Option<Metrics>,
    readiness: Readiness,
    /// It has answered once: from then on `/readiness` asks `readiness`, too.
    served: AtomicBool,
}

impl Plugin {
    pub(crate) fn new(options: &Options, supergraph: Supergraph) -> Self {
        let running = TaskTracker::new();
        let subgraphs = options.subgraphs.iter().filter_map(|endpoint| match endpoint {
            Endpoint::InProcess { subgraph, .. } => {
                let executor =
                    InProcess::new(subgraph.clone(), options.runtime.clone(), running.clone());
                Some((endpoint.name().to_owned(), executor.to_boxed_arc()))
            }
            Endpoint::Remote { .. } => None,
        });
        Self(Arc::new(Parts {
            subgraphs: subgraphs.collect(),
            supergraph: ArcSwap::from_pointee(Some(Arc::new(supergraph))),
            running: running.clone(),
            development: options.development,
            metrics: options.metrics.clone(),
            readiness: Arc::clone(&options.readiness),
            served: AtomicBool::new(false),
        }))
    }

    /// The router answers.
    pub(crate) fn serve(&self) {
        self.0.served.store(true, Ordering::Relaxed);
    }

    async fn is_ready(&self) -> bool {
        !self.0.served.load(Ordering::Relaxed) || (self.0.readiness)().await
    }

    /// From now on nothing new is executed and the router is not ready.
    pub(crate) fn retire(&self) {
        self.0.supergraph.store(Arc::new(None));
        self.0.running.close();
    }

    /// Returns when every request has its answer.
    pub(crate) async fn idle(&self) {
        self.0.running.wait().await;
    }

    fn page(&self, request: &OnHttpRequestHookPayload<'_>) -> Option<Response> {
        let request = &request.router_http_request;
        let headers = request.headers();
        if headers.contains_key(UPGRADE) && !is_same_origin(headers) {
            let message = "a page of another site may not open a WebSocket";
            return Some(pages::refusal(StatusCode::FORBIDDEN, "FORBIDDEN", message));
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        if request.path() == "/metrics" {
            return self.0.metrics.as_ref().map(|metrics| pages::metrics(metrics()));
        }
        if self.0.development {
            pages::page(request.path(), request.uri().query(), headers)
        } else {
            None
        }
    }
}

#[async_trait]
impl RouterPlugin for Plugin {
    type Config = serde_json::Value;

    fn plugin_name() -> &'static str {
        "agora"
    }

    fn on_plugin_init(_: OnPluginInitPayload<Self>) -> OnPluginInitResult<Self> {
        Ok(Some(PARTS.try_with(Clone::clone)?))
    }

    fn on_http_request<'req>(
        &'req self,
        mut payload: OnHttpRequestHookPayload<'req>,
    ) -> OnHttpRequestHookFuture<'req> {
        Box::pin(async move {
            if let Some(response) = self.page(&payload) {
                return payload.end_with_response(response);
            }
            if payload.router_http_request.path() == "/readiness" && !self.is_ready().await {
                let message = "its databases or subgraphs do not answer";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let refusal = pages::refusal(status, "UNAVAILABLE", message);
                return payload.end_with_response(refusal);
            }
            if let Some(supergraph) = self.0.supergraph.load().as_ref() {
                payload.set_supergraph(Arc::clone(supergraph));
            }
            let request = &mut payload.router_http_request;
            if *request.method() == Method::GET {
                // The router never mutates on GET, so there is nothing to forge.
                let name = HeaderName::from_static(CSRF_HEADERS[0]);
                request.headers_mut().insert(name, HeaderValue::from_static("get"));
            }
            if let Some(media_type) = small_letters(request.headers()) {
                request.headers_mut().insert(CONTENT_TYPE, media_type);
            }
            let running = self.0.running.token();
            payload.on_end(move |mut payload| {
                drop(running);
                if payload.context.contains::<Unavailable>() {
                    let seconds = HeaderValue::from_static(RETRY_AFTER_SECONDS);
                    payload.response.headers_mut().insert(RETRY_AFTER, seconds);
                }
                payload.proceed()
            })
        })
    }

    async fn on_graphql_params<'exec>(
        &'exec self,
        payload: OnGraphQLParamsStartHookPayload<'exec>,
    ) -> OnGraphQLParamsStartHookResult<'exec> {
        if is_nested_too_deep(&payload) {
            let message = "the request is nested too deep";
            let error = GraphQLError::from_message_and_code(message, "BAD_REQUEST");
            return payload.end_with_graphql_error(error, StatusCode::BAD_REQUEST);
        }
        payload.proceed()
    }

    async fn on_graphql_parse<'exec>(
        &'exec self,
        payload: OnGraphQLParseStartHookPayload<'exec>,
    ) -> OnGraphQLParseHookResult<'exec> {
        if payload.graphql_params.operation_name.is_some() {
            return payload.proceed();
        }
        payload.on_end(|mut payload| {
            payload.document = document::without_choice(payload.document);
            payload.proceed()
        })
    }

    async fn on_graphql_validation<'exec>(
        &'exec self,
        mut payload: OnGraphQLValidationStartHookPayload<'exec>,
    ) -> OnGraphQLValidationStartHookResult<'exec> {
        // What is said here stands in for the validation, and is not remembered for the text.
        payload.errors = document::verdict(&payload.document);
        payload.with_validation_rule(Brief).proceed()
    }

    async fn on_subgraph_execute<'exec>(
        &'exec self,
        mut payload: OnSubgraphExecuteStartHookPayload<'exec>,
    ) -> OnSubgraphExecuteStartHookResult<'exec> {
        payload.executor = match self.0.subgraphs.get(payload.subgraph_name) {
            Some(executor) => executor.clone(),
            None => Hurried(payload.executor).to_boxed_arc(),
        };
        payload.proceed()
    }

    fn on_graphql_error<'req>(
        &'req self,
        mut payload: OnGraphQLErrorHookPayload<'req>,
    ) -> OnGraphQLErrorHookResult<'req> {
        errors::settle(&mut payload.error);
        if errors::is_unavailable(&payload.error) {
            payload.context.insert(Unavailable);
        }
        payload.proceed()
    }
}

fn is_nested_too_deep(payload: &OnGraphQLParamsStartHookPayload<'_>) -> bool {
    // Only a WebSocket's message is parsed before it comes here.
    if let Some(message) = &payload.graphql_params {
        let extensions = message.extensions.iter().flat_map(|extensions| extensions.values());
        return message.variables.values().chain(extensions).any(nesting::is_value_too_deep);
    }
    let query = payload.router_http_request.query_string.as_bytes();
    nesting::is_too_deep(&payload.body)
        || form_urlencoded::parse(query).any(|(_, value)| nesting::is_too_deep(value.as_bytes()))
}

/// The `Content-Type` of JSON as hive-router reads it, where letters were written large.
fn small_letters(headers: &HeaderMap) -> Option<HeaderValue> {
    let given = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (start, rest) = given.split_at_checked(JSON.len())?;
    if start == JSON || !start.eq_ignore_ascii_case(JSON) {
        return None;
    }
    HeaderValue::from_str(&format!("{JSON}{rest}")).ok()
}

/// Browsers let any page open a WebSocket to anywhere and only tell where the page is from.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == text(HOST)
}
