//! A fetch of a plan: a function call or an HTTP request.

mod events;
mod http;
mod in_process;

pub(crate) use http::Http;

use crate::hooks::GONE;
use crate::json;
use crate::limits::{READ_TIMEOUT, WRITE_TIMEOUT};
use ::http::Uri;
use async_trait::async_trait;
use bytes::Bytes;
use chassis::{Subgraph, codes};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use hive_router::GraphQLError;
use hive_router::executor::execution::plan::VariablesMap;
use hive_router::executor::executors::common::{
    SubgraphExecutionRequest, SubgraphExecutor, SubgraphExecutorBoxedArc,
};
use hive_router::executor::executors::error::SubgraphExecutorError;
use hive_router::executor::plugin_context::PluginRequestState;
use hive_router::executor::response::graphql_error::GraphQLErrorPathSegment as Segment;
use hive_router::executor::response::subgraph_response::SubgraphResponse;
use hive_router::executor::response::value::Value;
use hive_router::query_planner::planner::plan_nodes::FetchNode;
use hive_router::sonic_rs::{self, LazyValue};
use sharing::Sharing;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// The maximum number of nested arrays and objects in a subgraph's answer.
const MAX_LEVELS: usize = 128;

/// A subgraph to fetch from. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Source(Arc<Inner>);

struct Inner {
    name: String,
    transport: Transport,
    /// Equal reads at the same time are one. Nobody is signed in: an answer depends on the
    /// operation and its variables alone.
    reads: Sharing<String, Result<Bytes, Failure>>,
    /// Writes under way.
    writes: TaskTracker,
}

#[derive(Clone)]
enum Transport {
    InProcess(Subgraph),
    Http(Http),
}

/// Why a subgraph gave no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("it took too long")]
    Late,
    #[error("{0}")]
    Unreachable(String),
    #[error("the request or the answer cannot be written as JSON: {0}")]
    Unwritable(String),
}

/// What a subgraph is asked: a document and its variables as JSON.
pub(crate) struct Call {
    query: String,
    /// Sorted: equal calls have equal texts.
    variables: BTreeMap<String, Bytes>,
}

impl Call {
    fn new<'v>(
        query: &str,
        variables: impl Iterator<Item = (&'v str, &'v sonic_rs::Value)>,
    ) -> Result<Self, Failure> {
        let written = variables.map(|(name, value)| {
            let json =
                sonic_rs::to_vec(value).map_err(|error| Failure::Unwritable(error.to_string()));
            Ok((name.to_owned(), Bytes::from(json?)))
        });
        Ok(Self { query: query.to_owned(), variables: written.collect::<Result<_, _>>()? })
    }

    /// The planner writes the kind of an operation first.
    fn writes(&self) -> bool {
        self.query.starts_with("mutation")
    }

    fn text(&self) -> String {
        let mut text = self.query.clone();
        for (name, json) in &self.variables {
            text.push('\n');
            text.push_str(name);
            text.push('=');
            text.push_str(&String::from_utf8_lossy(json));
        }
        text
    }
}

impl Transport {
    async fn send(self, call: Call) -> Result<Bytes, Failure> {
        match self {
            Self::InProcess(subgraph) => in_process::execute(&subgraph, &call).await,
            Self::Http(http) => http.execute(&call).await,
        }
    }
}

impl Source {
    pub(crate) fn in_process(subgraph: Subgraph, writes: TaskTracker) -> Self {
        Self::new(subgraph.name().to_owned(), Transport::InProcess(subgraph), writes)
    }

    pub(crate) fn http(name: String, http: Http, writes: TaskTracker) -> Self {
        Self::new(name, Transport::Http(http), writes)
    }

    fn new(name: String, transport: Transport, writes: TaskTracker) -> Self {
        Self(Arc::new(Inner { name, transport, reads: Sharing::default(), writes }))
    }

    pub(crate) fn executor(&self) -> SubgraphExecutorBoxedArc {
        self.clone().to_boxed_arc()
    }

    /// The events of a subscription as responses in JSON.
    pub(crate) fn subscribe(
        &self,
        fetch: &FetchNode,
        variables: Option<&VariablesMap>,
    ) -> BoxStream<'static, Bytes> {
        let used = fetch.variable_usages.iter().flatten().filter_map(|name| {
            let (name, value) = variables?.get_key_value(name)?;
            Some((name.as_str(), value))
        });
        let call = Call::new(&fetch.operation.document_str, used);
        match (&self.0.transport, call) {
            (Transport::InProcess(subgraph), Ok(call)) => in_process::subscribe(subgraph, &call),
            (Transport::Http(http), Ok(call)) => events::subscribe(http.clone(), call),
            (_, Err(failure)) => stream::once(std::future::ready(failure.response())).boxed(),
        }
    }

    async fn answer(&self, call: Call) -> Result<Bytes, Failure> {
        if call.writes() {
            // The caller may go away. What is being written is written to its end.
            let writing = self.0.writes.track_future(self.0.transport.clone().send(call));
            return finish(WRITE_TIMEOUT, tokio::spawn(writing)).await;
        }
        let text = call.text();
        let read = || {
            let reading = AbortOnDropHandle::new(tokio::spawn(self.0.transport.clone().send(call)));
            finish(READ_TIMEOUT, reading)
        };
        self.0.reads.share(text, read).await
    }
}

async fn finish(
    limit: Duration,
    task: impl Future<Output = Result<Result<Bytes, Failure>, tokio::task::JoinError>>,
) -> Result<Bytes, Failure> {
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Err(Failure::Unreachable(error.to_string())),
        Err(_) => Err(Failure::Late),
    }
}

#[async_trait]
impl SubgraphExecutor for Source {
    fn executor_name(&self) -> &str {
        &self.0.name
    }

    fn endpoint(&self) -> &Uri {
        static ENDPOINT: std::sync::LazyLock<Uri> =
            std::sync::LazyLock::new(|| Uri::from_static("http://replaced/"));
        &ENDPOINT
    }

    async fn execute<'a>(
        &self,
        fetch: SubgraphExecutionRequest<'a>,
        _: Option<Duration>,
        _: Option<&'a PluginRequestState<'a>>,
    ) -> Result<SubgraphResponse<'static>, SubgraphExecutorError> {
        let variables = fetch.variables.iter().flatten().map(|(name, value)| (*name, *value));
        let mut call = match Call::new(fetch.query, variables) {
            Ok(call) => call,
            Err(problem) => return Ok(failure(codes::INTERNAL, &problem.to_string())),
        };
        let mut representations = Vec::new();
        for (name, json) in fetch.raw_variable_values.into_iter().flatten() {
            let count = sonic_rs::from_slice::<Vec<LazyValue<'_>>>(&json).map(|all| all.len());
            representations.push(count.unwrap_or_default());
            call.variables.insert(name.to_owned(), json.into());
        }
        let answer = match self.answer(call).await {
            Ok(answer) => answer,
            Err(problem) => return Ok(problem.into_response()),
        };
        let mut response =
            SubgraphResponse::deserialize_from_bytes(answer, fetch.custom_scalar_paths)?;
        if !representations.is_empty() {
            if !is_complete(&response, &representations) {
                let problem = "it did not answer for each entity".to_owned();
                return Ok(Failure::Unreachable(problem).into_response());
            }
            mark_gone(&mut response);
        }
        Ok(response)
    }

    async fn subscribe<'a>(
        &self,
        _: SubgraphExecutionRequest<'a>,
        _: Option<Duration>,
    ) -> Result<
        BoxStream<'static, Result<SubgraphResponse<'static>, SubgraphExecutorError>>,
        SubgraphExecutorError,
    > {
        // Subscriptions are executed event by event, see `execute.rs`.
        Ok(stream::empty().boxed())
    }
}

/// Marks the entities that do not exist, so that the completion does not take them for a failure.
fn mark_gone(response: &mut SubgraphResponse<'static>) {
    let errors = response.errors.as_deref().unwrap_or_default();
    let Value::Object(lists) = &mut response.data else { return };
    for (key, entities) in lists {
        let Value::Array(entities) = entities else { continue };
        for (index, entity) in entities.iter_mut().enumerate() {
            let failed = errors.iter().any(|error| may_explain(error, key, index));
            if matches!(entity, Value::Null) && !failed {
                *entity = Value::Object(vec![(GONE, Value::Bool(true))]);
            }
        }
    }
}

/// Whether the error may be the reason why this entity of this list is null.
fn may_explain(error: &GraphQLError, list: &str, entity: usize) -> bool {
    let path = error.path.as_ref().map(|path| path.segments.as_slice()).unwrap_or_default();
    match path {
        [Segment::String(key), Segment::Index(index), ..] => key == list && *index == entity,
        [Segment::String(key), ..] => key == list,
        _ => true,
    }
}

/// Whether a subgraph answered for each representation. If it did not, its errors say why.
fn is_complete(response: &SubgraphResponse<'static>, representations: &[usize]) -> bool {
    if response.errors.as_ref().is_some_and(|errors| !errors.is_empty()) {
        return true;
    }
    let Value::Object(lists) = &response.data else { return false };
    lists.iter().all(|(_, entities)| match entities {
        Value::Array(entities) => representations.contains(&entities.len()),
        _ => false,
    })
}

impl Failure {
    fn code(&self) -> &'static str {
        match self {
            Self::Late | Self::Unreachable(_) => codes::SUBGRAPH_UNAVAILABLE,
            Self::Unwritable(_) => codes::INTERNAL,
        }
    }

    fn into_response(self) -> SubgraphResponse<'static> {
        failure(self.code(), &self.to_string())
    }

    /// A GraphQL response in JSON that says so.
    fn response(&self) -> Bytes {
        let errors = [GraphQLError::from_message_and_code(self.to_string(), self.code())];
        let response = serde_json::json!({ "errors": errors });
        Bytes::from(response.to_string())
    }
}

/// The answer of a subgraph that could not be asked. The message is for the log.
pub(crate) fn failure(code: &str, message: &str) -> SubgraphResponse<'static> {
    let error = GraphQLError::from_message_and_code(message, code);
    SubgraphResponse { errors: Some(vec![error]), ..SubgraphResponse::default() }
}

fn is_too_deep(answer: &[u8]) -> bool {
    json::is_deeper_than(answer, MAX_LEVELS)
}
