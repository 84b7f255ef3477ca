//! The pages beside `/graphql`: GraphiQL, whose files are part of the program, and metrics.

use hive_router::GraphQLError;
use hive_router::ntex::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, HeaderMap, LOCATION, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use hive_router::ntex::http::{Response, StatusCode};
use hive_router::plugins::plugin_trait::FromGraphQLErrorToResponse;

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

/// A GraphQL error as a whole answer.
pub(crate) fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let error = GraphQLError::from_message_and_code(message, code);
    Response::from_graphql_error_to_response(error, status)
}

/// The metrics page, in Prometheus' text format.
pub(crate) fn metrics(text: String) -> Response {
    Response::build(StatusCode::OK).content_type("text/plain; version=0.0.4").body(text)
}

/// The page at this path, for whoever wants to look at one.
pub(crate) fn page(path: &str, query: Option<&str>, headers: &HeaderMap) -> Option<Response> {
    match path {
        // A browser that opens the endpoint; one that brings a query gets the query's answer.
        "/" | "/graphql" if query.is_none() && wants_html(headers) => Some(redirect()),
        GRAPHIQL => file(INDEX),
        _ => match path.strip_prefix(GRAPHIQL)?.strip_prefix('/')? {
            "" => file(INDEX),
            name => file(name),
        },
    }
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn redirect() -> Response {
    Response::build(StatusCode::FOUND)
        .header(LOCATION, GRAPHIQL)
        .header(CACHE_CONTROL, "no-store")
        .header(VARY, "accept")
        .finish()
}

fn file(name: &str) -> Option<Response> {
    let (name, content_type, content) = FILES.iter().find(|(file, ..)| *file == name)?;
    // Every other file has its content's hash in its name.
    let caching = match *name {
        INDEX | "LICENSES.txt" => "no-cache",
        _ => "public, max-age=31536000, immutable",
    };
    let response = Response::build(StatusCode::OK)
        .content_type(*content_type)
        // Every browser takes gzip, so there is no other form of these files.
        .header(CONTENT_ENCODING, "gzip")
        .header(CACHE_CONTROL, caching)
        .header("content-security-policy", SECURITY_POLICY)
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(REFERRER_POLICY, "no-referrer")
        .body(*content);
    Some(response)
}
