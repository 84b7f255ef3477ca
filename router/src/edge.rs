//! What all protocols share: the graph, what stops them, and how an operation runs.

use crate::documents::{Documents, Registration};
use crate::origins::Origins;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::streams::Reservations;
use crate::{Metrics, Options, Readiness};
use bytes::Bytes;
use connections::Connections;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use graph::{Answer, Graph, Rejection, Response};
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// WebSockets and event streams that are open at the same time.
const MAX_STREAMS: usize = 1_000;

/// One router's parts.
pub(crate) struct Edge {
    graph: Graph,
    documents: Documents,
    pub(crate) development: bool,
    pub(crate) origins: Origins,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) readiness: Option<Readiness>,
    pub(crate) reservations: Reservations,
    /// Nothing new is executed.
    pub(crate) stopping: CancellationToken,
    /// Clients' connections. What runs includes mutations whose client has left.
    pub(crate) connections: Connections,
    streams: Arc<Semaphore>,
}

/// A refused operation: by the router itself, or by the graph.
pub(crate) enum Refusal {
    Problem(Problem),
    Rejection(Rejection),
}

impl Refusal {
    /// `{"errors": […]}`
    pub(crate) fn body(&self) -> Bytes {
        match self {
            Self::Problem(problem) => problem.body(),
            Self::Rejection(rejection) => rejection.body(),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Edge {
    pub(crate) fn new(options: Options) -> io::Result<(TcpListener, Self)> {
        let origins = Origins::new(&options.cors_origins, options.development);
        let origins =
            origins.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let documents = Documents::new(options.trusted_documents, options.trusted_documents_only);
        let edge = Self {
            graph: options.graph,
            documents,
            development: options.development,
            origins,
            metrics: options.metrics,
            readiness: options.readiness,
            reservations: Reservations::default(),
            stopping: options.stopping,
            connections: Connections::new(options.limits),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
        };
        Ok((options.listener, edge))
    }

    /// Returns when every request has its answer and every mutation has ended.
    pub(crate) async fn idle(&self) {
        self.connections.running.wait().await;
        self.graph.idle().await;
    }

    /// Reserves the place of a WebSocket or an event stream.
    pub(crate) fn reserve_stream(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| Problem::too_many_streams())
    }

    /// Plans an operation. Nothing is executed before the answer is polled.
    pub(crate) async fn plan(
        &self,
        parameters: Parameters,
        deadline: Instant,
    ) -> Result<Answer, Refusal> {
        let (request, registration) = self.documents.resolve(parameters)?;
        let planning = AssertUnwindSafe(self.graph.answer(request)).catch_unwind();
        let planned = tokio::time::timeout_at(deadline, planning).await;
        match planned {
            Ok(Ok(Ok(answer))) => {
                // Documents that the graph cannot execute are not worth remembering.
                registration.into_iter().for_each(|it: Registration| self.documents.register(it));
                Ok(answer)
            }
            Ok(Ok(Err(rejection))) => Err(Refusal::Rejection(rejection)),
            Ok(Err(_)) => Err(Problem::internal().into()),
            Err(_) => Err(Problem::timeout().into()),
        }
    }

    /// Executes a query or a mutation. The mutation begins at once and runs to its end, even if the
    /// caller drops the result.
    pub(crate) fn execute(
        &self,
        mutates: bool,
        response: BoxFuture<'static, Response>,
        deadline: Instant,
    ) -> BoxFuture<'static, Result<Response, Problem>> {
        self.execute_later(mutates, response, deadline)()
    }

    /// As [`Edge::execute`], but nothing is executed before the result is called.
    pub(crate) fn execute_later(
        &self,
        mutates: bool,
        response: BoxFuture<'static, Response>,
        deadline: Instant,
    ) -> Execution {
        let running = self.connections.running.clone();
        Box::new(move || {
            let response = AssertUnwindSafe(response).catch_unwind();
            let response = match mutates {
                true => {
                    let task = running.spawn(response);
                    async move { task.await.map_err(|_| Problem::internal()) }.left_future()
                }
                false => response.map(Ok).right_future(),
            };
            let limited = async move {
                match tokio::time::timeout_at(deadline, response).await {
                    Ok(Ok(Ok(response))) => Ok(response),
                    Ok(Ok(Err(_))) => Err(Problem::internal()),
                    Ok(Err(problem)) => Err(problem),
                    Err(_) => Err(Problem::timeout()),
                }
            };
            limited.boxed()
        })
    }
}

/// Begins to execute an operation.
pub(crate) type Execution =
    Box<dyn FnOnce() -> BoxFuture<'static, Result<Response, Problem>> + Send>;

/// The next event of a subscription. A panic ends the subscription with an error.
pub(crate) async fn next_event(
    events: &mut futures::stream::BoxStream<'static, Response>,
) -> Option<Result<Response, Problem>> {
    match AssertUnwindSafe(events.next()).catch_unwind().await {
        Ok(event) => event.map(Ok),
        Err(_) => Some(Err(Problem::internal())),
    }
}
