//! A subgraph behind HTTP: for parts that run apart, and for the router's subscriptions.

use crate::Subgraph;
use async_graphql::Request;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::StreamExt;
use futures::stream;
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Carries the secret that parts of one shop share.
pub const SECRET_HEADER: &str = "x-agora-secret";
/// Greatest request body: the router asks for many entities at once.
const BODY_BYTES: usize = 4 * 1024 * 1024;

#[derive(Clone)]
struct Served {
    subgraph: Subgraph,
    secret: Option<Arc<str>>,
    stopping: CancellationToken,
    ready: Arc<AtomicBool>,
}

/// Serves `subgraph` until `stopping` is cancelled, then lets requests in flight finish.
///
/// `POST /graphql` takes GraphQL over HTTP, and answers `text/event-stream` with one event a
/// response (subscriptions). `GET /health` and `GET /readiness` tell how it is.
/// With a `secret`, `/graphql` takes only requests that carry it in [`SECRET_HEADER`].
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    subgraph: Subgraph,
    secret: Option<String>,
    stopping: CancellationToken,
) -> std::io::Result<()> {
    let served = Served {
        subgraph,
        secret: secret.map(Arc::from),
        stopping: stopping.clone(),
        ready: Arc::new(AtomicBool::new(true)),
    };
    let ready = Arc::clone(&served.ready);
    let app = Router::new()
        .route("/graphql", post(graphql))
        .route("/health", get(|| async { StatusCode::OK }))
        .route("/readiness", get(readiness))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(served);
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            stopping.cancelled().await;
            ready.store(false, Ordering::Relaxed);
        })
        .await
}

async fn readiness(State(served): State<Served>) -> StatusCode {
    if served.ready.load(Ordering::Relaxed) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

async fn graphql(State(served): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    if !served.admits(&headers) {
        return refusal(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "this endpoint is internal");
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
        return events(&served, request);
    }
    Json(served.subgraph.execute(request).await).into_response()
}

/// The "distinct connections" mode of the GraphQL over Server-Sent Events protocol.
fn events(served: &Served, request: Request) -> Response {
    let responses = served
        .subgraph
        .subscribe(request)
        .take_until(served.stopping.clone().cancelled_owned())
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
