//! Headers that every answer carries, and those for pages of other sites.

use super::reply::empty;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, request::Parts};
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
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with",
        ),
    ),
    (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
];

/// The answer to a browser that asks whether it may send a request, if this is one.
pub(super) fn preflight(request: &Parts) -> Option<Response> {
    let asks = request.method == Method::OPTIONS
        && request.headers.contains_key(header::ORIGIN)
        && request.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    asks.then(|| {
        let mut response = empty(StatusCode::OK);
        response.headers_mut().extend(PREFLIGHT);
        response
    })
}

/// Completes an answer to a request with these headers.
pub(super) fn complete(request: &HeaderMap, response: &mut Response) {
    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    if request.contains_key(header::ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
}
