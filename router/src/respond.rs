//! Answers that come whole.

use crate::accept::Single;
use crate::edge::Refusal;
use crate::problem::{Problem, RETRY_AFTER_SECONDS};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

/// What the graph answered. With data, the status is 200 whatever the errors are.
pub(crate) fn answer(form: Single, answer: graph::Response) -> Response {
    let mut response = written(StatusCode::OK, form, answer.body);
    if answer.unavailable {
        response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response
}

/// Why there is no answer.
pub(crate) fn refusal(form: Single, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Problem(problem) => self::problem(form, problem),
        Refusal::Rejection(rejection) => {
            let status = status(form, rejection.code());
            let mut response = written(status, form, rejection.body());
            if status == StatusCode::SERVICE_UNAVAILABLE {
                response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
            }
            response
        }
    }
}

/// A refusal of the router's own.
pub(crate) fn problem(form: Single, problem: &Problem) -> Response {
    let status = match form {
        Single::Json if problem.is_result => StatusCode::OK,
        _ => problem.status,
    };
    let mut response = written(status, form, problem.body());
    problem.add_headers(&mut response);
    response
}

fn written(status: StatusCode, form: Single, body: Bytes) -> Response {
    let content_type = match form {
        Single::Json => "application/json",
        Single::GraphQl => "application/graphql-response+json",
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body).into_response()
}

/// The status of a request that the graph has rejected. `application/json` has 200 for what is
/// wrong with the operation itself, as the GraphQL over HTTP specification asks for.
fn status(form: Single, code: &str) -> StatusCode {
    match (code, form) {
        ("BAD_REQUEST" | "OPERATION_RESOLUTION_FAILURE", _) => StatusCode::BAD_REQUEST,
        ("INTROSPECTION_DISABLED" | "FORBIDDEN", _) => StatusCode::FORBIDDEN,
        ("QUERY_PLAN_BUILD_FAILED", _) => StatusCode::INTERNAL_SERVER_ERROR,
        ("UNAVAILABLE" | "SUBGRAPH_UNAVAILABLE", _) => StatusCode::SERVICE_UNAVAILABLE,
        ("GATEWAY_TIMEOUT", _) => StatusCode::GATEWAY_TIMEOUT,
        (_, Single::Json) => StatusCode::OK,
        ("INTERNAL_SERVER_ERROR", Single::GraphQl) => StatusCode::INTERNAL_SERVER_ERROR,
        (_, Single::GraphQl) => StatusCode::BAD_REQUEST,
    }
}
