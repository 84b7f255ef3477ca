//! The pages beside `/graphql`: GraphiQL, whose files are part of the program, health and metrics.

use crate::accept::{names_html, takes_gzip};
use crate::edge::Edge;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use std::io::Read;
use std::sync::Arc;

const GRAPHIQL: &str = "/graphiql";
const INDEX: &str = "index.html";
/// Path under [`GRAPHIQL`], content type, content in gzip. `graphiql/pack.js` writes the table.
const FILES: &[(&str, &str, &[u8])] = include!("../assets/graphiql/files.rs");
/// Everything comes from here and talks to here, WebSocket included. The exceptions: the editor
/// writes `<style>` elements and `style` attributes as it draws, and GraphiQL's style sheet holds
/// its fonts and some icons as `data:`. Workers and scripts have no exception.
const SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// Leads a browser that opens the endpoint to GraphiQL. One that brings a query gets its answer.
pub(crate) fn redirect(edge: &Edge, request: &Parts) -> Option<Response> {
    let opens = request.uri.query().is_none() && names_html(&request.headers);
    (edge.development && opens).then(|| {
        let headers = [(LOCATION, GRAPHIQL), (CACHE_CONTROL, "no-store"), (VARY, "accept")];
        (StatusCode::FOUND, headers).into_response()
    })
}

/// `/`
pub(crate) async fn root(
    State(edge): State<Arc<Edge>>,
    request: axum::extract::Request,
) -> Response {
    redirect(&edge, &request.into_parts().0).unwrap_or_else(nothing)
}

/// `/health`: the process answers.
pub(crate) async fn health() -> StatusCode {
    StatusCode::OK
}

/// `/readiness`: the router takes work.
pub(crate) async fn readiness(State(edge): State<Arc<Edge>>) -> Result<StatusCode, Problem> {
    if edge.stopping.is_cancelled() {
        return Err(Problem::stopping());
    }
    let ready = match &edge.readiness {
        Some(check) => check().await,
        None => true,
    };
    if ready {
        return Ok(StatusCode::OK);
    }
    let message = "what the router depends on is not ready";
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message))
}

/// `/metrics`, in Prometheus' text format.
pub(crate) async fn metrics(State(edge): State<Arc<Edge>>) -> Response {
    match &edge.metrics {
        Some(metrics) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics()).into_response(),
        None => nothing(),
    }
}

/// `/graphiql`
pub(crate) async fn graphiql(State(edge): State<Arc<Edge>>, headers: HeaderMap) -> Response {
    file(&edge, INDEX, &headers)
}

/// `/graphiql/…`
pub(crate) async fn graphiql_file(
    State(edge): State<Arc<Edge>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    file(&edge, &name, &headers)
}

/// The answer at every other path.
pub(crate) fn nothing() -> Response {
    Problem::not_found("there is nothing at this path").into_response()
}

fn file(edge: &Edge, name: &str, headers: &HeaderMap) -> Response {
    let found = FILES.iter().find(|(file, ..)| edge.development && *file == name);
    let Some((name, content_type, compressed)) = found else { return nothing() };
    // Every other file has its content's hash in its name.
    let caching = match *name {
        INDEX | "LICENSES.txt" => "no-cache",
        _ => "public, max-age=31536000, immutable",
    };
    let headers_of_all = [
        (CONTENT_TYPE, *content_type),
        (CACHE_CONTROL, caching),
        (CONTENT_SECURITY_POLICY, SECURITY_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (VARY, "accept-encoding"),
    ];
    if takes_gzip(headers) {
        return (headers_of_all, [(CONTENT_ENCODING, "gzip")], *compressed).into_response();
    }
    let mut content = Vec::new();
    match GzDecoder::new(*compressed).read_to_end(&mut content) {
        Ok(_) => (headers_of_all, content).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}
