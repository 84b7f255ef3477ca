//! What is answered: the thing, or why not.

use crate::fields::Faults;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// What a handler comes to.
pub(crate) type Reply = Result<Response, Refusal>;

/// How long a client should wait before it tries again, in seconds.
const RETRY_AFTER_SECONDS: &str = "1";

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is nothing with this id; the route knows how to say so.
    Missing,
    /// The members are not as they must be.
    Invalid(Faults),
    /// A rule of the shop: `{"error": …}`.
    Error(StatusCode, String),
    /// A rule of HTTP or of the format: `{"detail": …}`.
    Detail(StatusCode, String),
    /// Any other body.
    Other(StatusCode, Value),
    /// The body is greater than anything that is taken.
    TooLarge,
    /// Nothing was done, and trying again later can help.
    Busy,
    /// Another request with the same idempotency key is not done yet: `{"error": …}`.
    Running(String),
    /// A fault of ours; the cause is in the log.
    Internal,
}

impl Refusal {
    /// A rule of the shop.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self::Error(StatusCode::BAD_REQUEST, message.into())
    }

    /// A service does not answer. For the first system the inventory is part of the product service.
    pub(crate) fn down(subgraph: &str) -> Self {
        let service = match subgraph {
            "user" => "User",
            "product" | "inventory" => "Product",
            "order" => "Order",
            _ => return Self::Busy,
        };
        let message = format!("{service} service unavailable");
        Self::Error(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// A fault of ours.
    pub(crate) fn internal(cause: impl AsRef<str>) -> Self {
        tracing::error!("A REST adapter failed: {}", cause.as_ref());
        Self::Internal
    }

    fn parts(self) -> (StatusCode, Value) {
        match self {
            Self::Missing => (StatusCode::NOT_FOUND, json!({ "detail": "Not found." })),
            Self::Invalid(faults) => (StatusCode::BAD_REQUEST, faults.into_json()),
            Self::Error(status, message) => (status, json!({ "error": message })),
            Self::Detail(status, message) => (status, json!({ "detail": message })),
            Self::Other(status, body) => (status, body),
            Self::TooLarge => {
                let detail = json!({ "detail": "The request body is too large." });
                (StatusCode::PAYLOAD_TOO_LARGE, detail)
            }
            Self::Busy => {
                let error = json!({ "error": "Service unavailable, try again." });
                (StatusCode::SERVICE_UNAVAILABLE, error)
            }
            Self::Running(message) => (StatusCode::CONFLICT, json!({ "error": message })),
            Self::Internal => {
                let detail = json!({ "detail": "Internal server error." });
                (StatusCode::INTERNAL_SERVER_ERROR, detail)
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let running = matches!(self, Self::Running(_));
        let unread = matches!(self, Self::TooLarge);
        let (status, body) = self.parts();
        let mut response = of_bytes(status, body.to_string().into_bytes());
        if running || status == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = HeaderValue::from_static(RETRY_AFTER_SECONDS);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if unread {
            // The connection ends: the rest of the body cannot be told from the next request.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }
}

/// The thing as JSON.
pub(crate) fn json<T: Serialize>(status: StatusCode, thing: &T) -> Reply {
    match serde_json::to_vec(thing) {
        Ok(bytes) => Ok(of_bytes(status, bytes)),
        Err(error) => Err(Refusal::internal(error.to_string())),
    }
}

/// It is gone: no body, no type.
pub(crate) fn gone() -> Reply {
    Ok(empty(StatusCode::NO_CONTENT))
}

/// JSON that is written already.
pub(super) fn of_bytes(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
