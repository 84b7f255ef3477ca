//! The pages beside `/graphql`.

use hive_router::GraphQLError;
use hive_router::ntex::http::header::HeaderMap;
use hive_router::ntex::http::{Response, StatusCode};
use hive_router::plugins::plugin_trait::FromGraphQLErrorToResponse;

/// A GraphQL error as a whole answer.
pub(crate) fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let error = GraphQLError::from_message_and_code(message, code);
    Response::from_graphql_error_to_response(error, status)
}

/// The metrics page, in Prometheus' text format.
pub(crate) fn metrics(text: String) -> Response {
    Response::build(StatusCode::OK).content_type("text/plain; version=0.0.4").body(text)
}

pub(crate) fn page(_path: &str, _query: Option<&str>, _headers: &HeaderMap) -> Option<Response> {
    None
}
