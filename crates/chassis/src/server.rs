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
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Carries the secret that parts of one shop share.
pub const SECRET_HEADER: &str = "x-agora-secret";
/// Greatest request body: the router asks for many entities at once.
const BODY_BYTES: usize = 4 * 1024 * 1024;

/// The time after which an event stream shows that it is still open. Its readers give up one of
/// which they have heard nothing for three times as long.
pub const HEARTBEAT: Duration = Duration::from_secs(10);

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
    // A page of another site can send no JSON without the browser asking first.
    if !is_json(&headers) {
        let message = "Content-Type must be application/json";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return refusal(status, "UNSUPPORTED_CONTENT_TYPE", message);
    }
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
    if !request.query.trim_start().starts_with("mutation") {
        return Json(subgraph.execute(request).await).into_response();
    }
    // The caller may go away. What is being written is written to its end.
    let subgraph = subgraph.clone();
    match tokio::spawn(async move { subgraph.execute(request).await }).await {
        Ok(response) => Json(response).into_response(),
        Err(error) => {
            tracing::error!(%error, "A mutation was not executed to its end.");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            refusal(status, crate::codes::INTERNAL, "internal server error")
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let essence = only.to_str().ok().and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The "distinct connections" mode of the GraphQL over Server-Sent Events protocol.
fn events(subgraph: &Subgraph, stopping: CancellationToken, request: Request) -> Response {
    let events = subgraph.subscribe(request).take_until(stopping.cancelled_owned());
    let events = events.map(|response| match serde_json::to_string(&response) {
        Ok(json) => format!("event: next\ndata: {json}\n\n"),
        Err(_) => String::new(),
    });
    // A comment, by which the caller knows that the stream is still open.
    let first = tokio::time::Instant::now() + HEARTBEAT;
    let heartbeats =
        stream::unfold(tokio::time::interval_at(first, HEARTBEAT), |mut ticks| async {
            ticks.tick().await;
            Some((":\n\n".to_owned(), ticks))
        });
    let mut events = events.boxed();
    let mut heartbeats = heartbeats.boxed();
    let responses = stream::poll_fn(move |cx| match events.poll_next_unpin(cx) {
        std::task::Poll::Pending => heartbeats.poll_next_unpin(cx),
        ready => ready,
    });
    let responses = responses
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
