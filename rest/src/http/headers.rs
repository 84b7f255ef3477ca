//! Headers that every answer carries, and those for pages of other sites.

use super::idempotency::IDEMPOTENCY_KEY;
use super::reply::empty;
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// What Django's middleware adds to every answer.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::VARY, HeaderValue::from_static("Cookie, origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];
/// What pages of other sites may do: everything. Nobody signs in, so nothing is given away.
const PREFLIGHT: [(HeaderName, HeaderValue); 3] = [
    (
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("DELETE, GET, OPTIONS, PATCH, POST, PUT"),
    ),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED)),
    (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
];
/// What such a page may send: the documented systems' list.
const ALLOWED: &str =
    "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with";
/// The same for a page that asks for more than the documented systems know.
const ALLOWED_WITH_KEY: HeaderValue = HeaderValue::from_static(
    "accept, authorization, content-type, idempotency-key, user-agent, x-csrftoken, \
     x-requested-with",
);
/// What such a page may read of an answer beside what every page may.
const EXPOSED: HeaderValue = HeaderValue::from_static("idempotent-replayed, retry-after");

/// Answers browsers that ask whether they may send a request, and completes every other answer.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let crosses = request.headers().contains_key(header::ORIGIN);
    let keyed = request.headers().contains_key(IDEMPOTENCY_KEY);
    let asks = crosses
        && request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks { preflight(request.headers()) } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    if crosses {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if keyed {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
    response
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = empty(StatusCode::OK);
    response.headers_mut().extend(PREFLIGHT);
    if wants_key(asked) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_WITH_KEY);
    }
    response
}

fn wants_key(asked: &HeaderMap) -> bool {
    let lists = asked.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let names = lists.iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    names.map(str::trim).any(|name| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY.as_str()))
}
