//! The paths, and what all requests have in common.

use crate::edge::Edge;
use crate::problem::{ENDPOINT_METHODS, Problem};
use crate::{graphql, pages};
use axum::Router;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, Method, Version};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::decompression::RequestDecompressionLayer;

/// The methods of the pages.
const PAGE_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Everything that clients can ask for.
pub(crate) fn app(edge: Arc<Edge>) -> Router {
    // Parts of a stream are sent when they happen, which compression would delay.
    let compressible = DefaultPredicate::new()
        .and(NotForContentType::const_new("multipart/mixed"))
        .and(NotForContentType::const_new("text/event-stream"));
    let cors = edge.origins.layer();
    Router::new()
        .route("/graphql", any(graphql::endpoint))
        .route("/graphql/", any(graphql::endpoint))
        .route("/", page(get(pages::root)))
        .route("/graphiql", page(get(pages::graphiql)))
        .route("/graphiql/", page(get(pages::graphiql)))
        .route("/graphiql/{*name}", page(get(pages::graphiql_file)))
        .route("/health", page(get(pages::health)))
        .route("/readiness", page(get(pages::readiness)))
        .route("/metrics", page(get(pages::metrics)))
        .fallback(|| async { pages::nothing() })
        .with_state(edge)
        .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(cors)
        .layer(from_fn(check))
}

fn page(methods: MethodRouter<Arc<Edge>>) -> MethodRouter<Arc<Edge>> {
    methods.fallback(|| async { Problem::method_not_allowed(PAGE_METHODS) })
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("The answer to a request panicked.");
    Problem::internal().into_response()
}

/// Refuses what is not HTTP, and answers what browsers do not ask.
async fn check(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Problem::bad_request("the request must have one Host header").into_response();
    }
    let is_options = request.method() == Method::OPTIONS;
    let is_endpoint = matches!(request.uri().path(), "/graphql" | "/graphql/");
    let mut response = next.run(request).await;
    if is_options && response.status().is_success() {
        let allow = if is_endpoint { ENDPOINT_METHODS } else { PAGE_METHODS };
        response.headers_mut().insert(ALLOW, allow);
        response.headers_mut().remove(CONTENT_TYPE);
    }
    response
}
