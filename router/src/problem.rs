//! Requests that the router refuses by itself, as GraphQL errors.

use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::json;
use std::borrow::Cow;

/// The time after which a client should repeat a request for what was unavailable, in seconds.
pub(crate) const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// The methods of the GraphQL endpoint. PUT and DELETE belong to GraphQL over Server-Sent Events.
pub(crate) const ENDPOINT_METHODS: HeaderValue =
    HeaderValue::from_static("GET, HEAD, POST, PUT, DELETE, OPTIONS");

/// Why a request was refused.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    allow: Option<HeaderValue>,
    /// It is about the operation rather than the request: clients look for it in a GraphQL
    /// response.
    pub(crate) is_result: bool,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code, message: message.into(), allow: None, is_result: false }
    }

    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    pub(crate) fn not_found(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// Clients look for this message and code, and send the document then.
    pub(crate) fn unknown_document() -> Self {
        let (code, message) = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
        Self { is_result: true, ..Self::new(StatusCode::BAD_REQUEST, code, message) }
    }

    pub(crate) fn method_not_allowed(allow: HeaderValue) -> Self {
        let message = "this path does not support the method";
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message);
        Self { allow: Some(allow), ..problem }
    }

    pub(crate) fn mutation_by_get() -> Self {
        let code = "MUTATION_NOT_ALLOWED_OVER_HTTP_GET";
        let message = "send mutations by POST";
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, code, message);
        Self { allow: Some(HeaderValue::from_static("POST")), ..problem }
    }

    pub(crate) fn stopping() -> Self {
        let message = "the router is stopping, try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
    }

    pub(crate) fn too_many_streams() -> Self {
        let message = "too many WebSockets and event streams are open, try again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message)
    }

    pub(crate) fn timeout() -> Self {
        let message = "the request took too long; a mutation may have been executed";
        Self::new(StatusCode::GATEWAY_TIMEOUT, "GATEWAY_TIMEOUT", message)
    }

    pub(crate) fn internal() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "INTERNAL_SERVER_ERROR", "internal server error")
    }

    /// Whether the client can repeat the request a moment later.
    pub(crate) fn is_temporary(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// `{"errors": […]}`
    pub(crate) fn body(&self) -> Bytes {
        let error = json!({ "message": self.message, "extensions": { "code": self.code } });
        json!({ "errors": [error] }).to_string().into()
    }

    /// Adds the headers that belong to the status.
    pub(crate) fn add_headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Some(allow) = &self.allow {
            headers.insert(ALLOW, allow.clone());
        }
        if self.is_temporary() {
            headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
        let mut response = (self.status, headers, self.body()).into_response();
        self.add_headers(&mut response);
        response
    }
}
