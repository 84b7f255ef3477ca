//! From a request to its row in the table, and back to an answer.

use super::reply::{Refusal, Reply, empty, of_bytes};
use super::{Payload, Sharing, idempotency, negotiation};
use crate::Readiness;
use crate::graph::Graph;
use crate::routes::{Found, Missing, Resource, Route, resource};
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What every request needs.
pub(crate) struct App {
    pub(crate) graph: Graph,
    /// Where `/admin/` leads.
    pub(crate) admin: HeaderValue,
    pub(crate) readiness: Readiness,
    pub(crate) stopping: CancellationToken,
    pub(crate) sharing: Sharing,
}

/// One request to one route.
pub(crate) struct Call {
    pub(crate) graph: Graph,
    /// From 1; 0 where the path has none.
    pub(crate) id: i64,
    pub(crate) query: String,
    /// The client's name for this attempt, if it has one, or why what it gives is none: for those
    /// who take one.
    pub(crate) idempotency_key: Result<Option<String>, Refusal>,
    /// PATCH: whatever is left out stays.
    pub(crate) partial: bool,
    pub(crate) payload: Payload,
}

impl Call {
    /// The id as the graph writes it.
    pub(crate) fn id(&self) -> String {
        self.id.to_string()
    }

    /// A parameter of the query. The last one counts, an empty one is none.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes())
            .filter(|(key, _)| key == name)
            .last()
            .map(|(_, value)| value.into_owned())
            .filter(|value| !value.is_empty())
    }
}

/// Answers any request.
pub(crate) async fn answer(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // Read even where nobody wants it: who is still sending does not listen.
    let payload = match body.is_end_stream() {
        true => Payload::read(&parts.headers, Body::empty()).await,
        false => Payload::read(&parts.headers, body).await,
    };
    respond(&app, &parts, payload).await
}

async fn respond(app: &App, parts: &Parts, payload: Payload) -> Response {
    let path = parts.uri.path();
    if path == "/admin/" || path == "/admin" {
        return admin(app, path);
    }
    let (found, with_slash) = match resource(path) {
        Some(found) => (found, true),
        None => match resource(&format!("{path}/")) {
            Some(found) => (found, false),
            None => return Refusal::Missing.into_response(),
        },
    };
    let moves = [Method::GET, Method::HEAD, Method::DELETE, Method::OPTIONS];
    // Django refuses to redirect what carries a body; here it is answered as if the slash was there.
    if !with_slash && moves.contains(&parts.method) {
        return moved(parts);
    }
    let Found { resource, id } = found;
    if !negotiation::accepts_json(&parts.headers) {
        let detail = "Could not satisfy the request Accept header.".to_owned();
        return Refusal::Detail(StatusCode::NOT_ACCEPTABLE, detail).into_response();
    }
    if parts.method == Method::OPTIONS {
        return allowing(resource, empty(StatusCode::NO_CONTENT));
    }
    let Some(route) = resource.route(&parts.method) else {
        let detail = format!("Method \"{}\" not allowed.", parts.method);
        let refusal = Refusal::Detail(StatusCode::METHOD_NOT_ALLOWED, detail);
        return allowing(resource, refusal.into_response());
    };
    let Some(id) = id else { return missing(route) };
    let query = parts.uri.query().unwrap_or_default();
    let call = |payload| Call {
        graph: app.graph.clone(),
        id,
        query: query.to_owned(),
        idempotency_key: idempotency::key(&parts.headers),
        partial: parts.method == Method::PATCH,
        payload,
    };
    if route.method != Method::GET {
        return run(route, call(payload)).await;
    }
    // Whoever is redirected comes back with the slash: the path is always the resource's own.
    let question = format!("{path}?{query}");
    app.sharing.answer(&question, || run(route, call(Payload::none()))).await
}

async fn run(route: &Route, call: Call) -> Response {
    let reply: Reply = (route.run)(call).await;
    match reply {
        Ok(response) => response,
        Err(Refusal::Missing) => missing(route),
        Err(refusal) => refusal.into_response(),
    }
}

/// There is nothing with this id, in the words of the route.
fn missing(route: &Route) -> Response {
    match route.missing {
        Missing::Detail => Refusal::Missing.into_response(),
        Missing::Error(message) => {
            let body = json!({ "error": message }).to_string();
            of_bytes(StatusCode::NOT_FOUND, body)
        }
    }
}

/// Answers 200 while the router can be reached and nothing is stopping.
pub(crate) async fn readiness(State(app): State<Arc<App>>) -> StatusCode {
    if !app.stopping.is_cancelled() && (app.readiness)().await {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// The old scripts poll this page to see whether a service is up. There is no administration here;
/// GraphiQL is the nearest to it, and Swagger UI where GraphiQL is out of reach.
fn admin(app: &App, path: &str) -> Response {
    let (status, location) = match path {
        "/admin" => (StatusCode::MOVED_PERMANENTLY, HeaderValue::from_static("/admin/")),
        _ => (StatusCode::FOUND, app.admin.clone()),
    };
    let mut response = empty(status);
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// To the same path with a slash at its end.
fn moved(parts: &Parts) -> Response {
    let path = parts.uri.path();
    let location = match parts.uri.query() {
        Some(query) => format!("{path}/?{query}"),
        None => format!("{path}/"),
    };
    let mut response = empty(StatusCode::MOVED_PERMANENTLY);
    // A path that came in a request fits into a header.
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn allowing(resource: &Resource, mut response: Response) -> Response {
    if let Ok(allow) = HeaderValue::try_from(resource.allow()) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
