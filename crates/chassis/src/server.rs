//! A subgraph behind HTTP: for parts that run apart, and for the router's subscriptions.

use crate::Subgraph;
use async_graphql::Request;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::future::{self, BoxFuture};
use futures::{FutureExt, StreamExt, stream};
use serde_json::json;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Carries the secret that parts of one shop share.
pub const SECRET_HEADER: &str = "x-agora-secret";
/// Greatest request body: the router asks for many entities at once.
const BODY_BYTES: usize = 4 * 1024 * 1024;

/// Checks whether the part that a server belongs to can work: whether its database answers, for
/// instance. The check bounds its own duration and how often it asks.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// A subgraph's HTTP server.
pub struct Server {
    /// Where it listens.
    pub listener: TcpListener,
    /// The subgraph, as soon as its database is open. Until then `/graphql` answers 503.
    pub subgraph: Arc<OnceLock<Subgraph>>,
    /// With a secret, `/graphql` takes only requests that carry it in [`SECRET_HEADER`].
    pub secret: Option<String>,
    /// What `/readiness` asks once there is a subgraph.
    pub readiness: Readiness,
    /// Once cancelled, the server accepts nothing new and lets requests in flight finish.
    pub stopping: CancellationToken,
}

#[derive(Clone)]
struct Served {
    subgraph: Arc<OnceLock<Subgraph>>,
    secret: Option<Arc<str>>,
    readiness: Readiness,
    stopping: CancellationToken,
}

/// Serves a subgraph that is always ready, see [`Server::run`].
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    subgraph: Subgraph,
    secret: Option<String>,
    stopping: CancellationToken,
) -> std::io::Result<()> {
    let readiness: Readiness = Arc::new(|| future::ready(true).boxed());
    let subgraph = Arc::new(OnceLock::from(subgraph));
    Server { listener, subgraph, secret, readiness, stopping }.run().await
}

impl Server {
    /// Serves until `stopping` is cancelled.
    ///
    /// `POST /graphql` takes GraphQL over HTTP, and answers `text/event-stream` with one event per
    /// response (subscriptions). `GET /health` answers 200; `GET /readiness` answers 200, or 503
    /// while the subgraph cannot work or the server is stopping.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(self) -> std::io::Result<()> {
        let served = Served {
            subgraph: self.subgraph,
            secret: self.secret.map(Arc::from),
            readiness: self.readiness,
            stopping: self.stopping.clone(),
        };
        let app = Router::new()
            .route("/graphql", post(graphql))
            .route("/health", get(|| async { StatusCode::OK }))
            .route("/readiness", get(readiness))
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .with_state(served);
        axum::serve(self.listener, app)
            .with_graceful_shutdown(self.stopping.cancelled_owned())
            .await
    }
}

async fn readiness(State(served): State<Served>) -> StatusCode {
    let can_work = served.subgraph.get().is_some() && !served.stopping.is_cancelled();
    if can_work && (served.readiness)().await {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

async fn graphql(State(served): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    if !served.admits(&headers) {
        return refusal(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "this endpoint is internal");
    }
    let Some(subgraph) = served.subgraph.get() else {
        let message = "the database is not open yet, try again";
        return refusal(StatusCode::SERVICE_UNAVAILABLE, crate::codes::UNAVAILABLE, message);
    };
    let request: Request = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("the body is not a GraphQL request: {error}");
            return refusal(StatusCode::BAD_REQUEST, crate::codes::BAD_USER_INPUT, &message);
        }
    };
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/event-stream")) {
        return events(subgraph, served.stopping.clone(), request);
    }
    Json(subgraph.execute(request).await).into_response()
}

/// The "distinct connections" mode of the GraphQL over Server-Sent Events protocol.
fn events(subgraph: &Subgraph, stopping: CancellationToken, request: Request) -> Response {
    let responses = subgraph
        .subscribe(request)
        .take_until(stopping.cancelled_owned())
        .map(|response| match serde_json::to_string(&response) {
            Ok(json) => format!("event: next\ndata: {json}\n\n"),
            Err(_) => String::new(),
        })
        .chain(stream::once(async { "event: complete\ndata:\n\n".to_owned() }))
        .map(Ok::<_, Infallible>);
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(responses)).into_response()
}

impl Served {
    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(secret) = &self.secret else { return true };
        headers
            .get(HeaderName::from_static(SECRET_HEADER))
            .is_some_and(|given| bool::from(given.as_bytes().ct_eq(secret.as_bytes())))
    }
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let error = json!({ "message": message, "extensions": { "code": code } });
    (status, Json(json!({ "errors": [error] }))).into_response()
}
