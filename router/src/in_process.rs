//! A subgraph as a function call, and patience with those that are not.

use crate::config::{READ_TIMEOUT, WRITE_TIMEOUT};
use async_graphql::{Name, Request, Value, Variables};
use async_trait::async_trait;
use bytes::Bytes;
use chassis::{Subgraph, codes};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use hive_router::GraphQLError;
use hive_router::executor::executors::common::{
    SubgraphExecutionRequest, SubgraphExecutor, SubgraphExecutorBoxedArc,
};
use hive_router::executor::executors::error::SubgraphExecutorError;
use hive_router::executor::plugin_context::PluginRequestState;
use hive_router::executor::response::subgraph_response::SubgraphResponse;
use hive_router::sonic_rs;
use http::Uri;
use sharing::Sharing;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// Answers the router's fetches on the runtime on which the subgraph's connections live.
pub(crate) struct InProcess {
    subgraph: Subgraph,
    runtime: Handle,
    running: TaskTracker,
    endpoint: Uri,
    /// Equal reads that come at the same time are one. Nobody is signed in: an answer depends on
    /// the operation and its variables alone.
    reads: Sharing<String, Answered>,
}

/// The subgraph's answer as JSON.
type Answered = Result<Bytes, Failure>;

/// Why there is no answer.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// It took too long.
    Late,
    /// The response cannot be written as JSON.
    Unwritable,
    /// The runtime is going away.
    Stopping,
}

impl InProcess {
    pub(crate) fn new(subgraph: Subgraph, runtime: Handle, running: TaskTracker) -> Self {
        let endpoint = Uri::from_static("http://in-process/");
        Self { subgraph, runtime, running, endpoint, reads: Sharing::default() }
    }

    async fn answer(&self, request: Request, writes: bool) -> Answered {
        let subgraph = self.subgraph.clone();
        let work = async move {
            let response = subgraph.execute(request).await;
            sonic_rs::to_vec(&response).map(Bytes::from)
        };
        let task = self.runtime.spawn(self.running.track_future(work));
        let done = if writes {
            // Whoever waits may go away; what is being written is written to its end.
            tokio::time::timeout(WRITE_TIMEOUT, task).await
        } else {
            tokio::time::timeout(READ_TIMEOUT, AbortOnDropHandle::new(task)).await
        };
        match done {
            Ok(Ok(Ok(json))) => Ok(json),
            Ok(Ok(Err(_))) => Err(Failure::Unwritable),
            // `Subgraph::execute` catches panics: this is the runtime going away.
            Ok(Err(_)) => Err(Failure::Stopping),
            Err(_) => Err(Failure::Late),
        }
    }
}

#[async_trait]
impl SubgraphExecutor for InProcess {
    fn executor_name(&self) -> &str {
        "in-process"
    }

    fn endpoint(&self) -> &Uri {
        &self.endpoint
    }

    async fn execute<'a>(
        &self,
        fetch: SubgraphExecutionRequest<'a>,
        _: Option<Duration>,
        _: Option<&'a PluginRequestState<'a>>,
    ) -> Result<SubgraphResponse<'static>, SubgraphExecutorError> {
        let request = match request(&fetch) {
            Ok(request) => request,
            Err(error) => {
                tracing::error!(
                    subgraph = self.subgraph.name(),
                    error,
                    "A fetch has odd variables."
                );
                return Ok(refused(codes::INTERNAL, "internal server error"));
            }
        };
        let answered = match question(&fetch) {
            Some(question) => self.reads.share(question, || self.answer(request, false)).await,
            None => self.answer(request, true).await,
        };
        match answered {
            Ok(json) => SubgraphResponse::deserialize_from_bytes(json, fetch.custom_scalar_paths),
            Err(Failure::Late) => {
                Ok(refused(codes::SUBGRAPH_UNAVAILABLE, "the subgraph took too long"))
            }
            Err(Failure::Unwritable) => Ok(refused(codes::INTERNAL, "internal server error")),
            Err(Failure::Stopping) => {
                Ok(refused(codes::UNAVAILABLE, "temporarily unavailable, try again"))
            }
        }
    }

    async fn subscribe<'a>(
        &self,
        _: SubgraphExecutionRequest<'a>,
        _: Option<Duration>,
    ) -> Result<
        BoxStream<'static, Result<SubgraphResponse<'static>, SubgraphExecutorError>>,
        SubgraphExecutorError,
    > {
        // hive-router takes its own executors for subscriptions and never comes here.
        Ok(stream::empty().boxed())
    }
}

/// A subgraph behind HTTP that is given less time for reading than for writing.
pub(crate) struct Hurried(pub(crate) SubgraphExecutorBoxedArc);

#[async_trait]
impl SubgraphExecutor for Hurried {
    fn executor_name(&self) -> &str {
        self.0.executor_name()
    }

    fn endpoint(&self) -> &Uri {
        self.0.endpoint()
    }

    async fn execute<'a>(
        &self,
        fetch: SubgraphExecutionRequest<'a>,
        _: Option<Duration>,
        state: Option<&'a PluginRequestState<'a>>,
    ) -> Result<SubgraphResponse<'static>, SubgraphExecutorError> {
        let patience = if writes(&fetch) { WRITE_TIMEOUT } else { READ_TIMEOUT };
        self.0.execute(fetch, Some(patience), state).await
    }

    async fn subscribe<'a>(
        &self,
        fetch: SubgraphExecutionRequest<'a>,
        timeout: Option<Duration>,
    ) -> Result<
        BoxStream<'static, Result<SubgraphResponse<'static>, SubgraphExecutorError>>,
        SubgraphExecutorError,
    > {
        self.0.subscribe(fetch, timeout).await
    }
}

/// The planner writes the operation's kind first.
fn writes(fetch: &SubgraphExecutionRequest<'_>) -> bool {
    fetch.query.starts_with("mutation")
}

/// What makes two reads equal; `None` for a write, which is nobody else's.
fn question(fetch: &SubgraphExecutionRequest<'_>) -> Option<String> {
    if writes(fetch) {
        return None;
    }
    let mut question = fetch.query.to_owned();
    // Sorted: two maps with the same entries may list them in different orders.
    let variables: BTreeMap<_, _> = fetch.variables.iter().flatten().collect();
    question.push_str(&sonic_rs::to_string(&variables).ok()?);
    for (name, json) in fetch.raw_variable_values.iter().flatten() {
        question.push_str(name);
        question.push_str(&String::from_utf8_lossy(json));
    }
    Some(question)
}

fn request(fetch: &SubgraphExecutionRequest<'_>) -> Result<Request, String> {
    let mut variables = Variables::default();
    for (name, value) in fetch.variables.iter().flatten() {
        let value = async_graphql::to_value(value).map_err(|error| error.to_string())?;
        variables.insert(Name::new(name), value);
    }
    // The representations of entities, which the router has written as JSON already.
    for (name, json) in fetch.raw_variable_values.iter().flatten() {
        let value = sonic_rs::from_slice::<Value>(json).map_err(|error| error.to_string())?;
        variables.insert(Name::new(name), value);
    }
    Ok(Request::new(fetch.query).variables(variables))
}

fn refused(code: &str, message: &str) -> SubgraphResponse<'static> {
    let error = GraphQLError::from_message_and_code(message, code);
    SubgraphResponse { errors: Some(vec![error]), ..SubgraphResponse::default() }
}
