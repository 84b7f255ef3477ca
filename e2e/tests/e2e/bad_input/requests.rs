//! Requests that are refused before any subgraph is asked, and pages that are none.

use super::Row;
use super::Told::Request;
use reqwest::{Client, RequestBuilder};
use serde_json::json;

/// Pages that are none, of every list.
pub(super) fn pages() -> Vec<Row> {
    // ["elsewhere", 1] in Base64.
    let foreign = "WyJlbHNld2hlcmUiLDFd";
    let arguments = [
        "first: 0".to_owned(),
        "first: -1".to_owned(),
        "first: 10000".to_owned(),
        "last: 0".to_owned(),
        "first: 1, last: 1".to_owned(),
        "after: \"1\"".to_owned(),
        format!("after: \"{foreign}\""),
        format!("before: \"{foreign}\""),
    ];
    let lists = [
        "{ users(…) { totalCount } }",
        "{ categories(…) { totalCount } }",
        "{ products(…) { totalCount } }",
        "{ category(id: 1) { products(…) { totalCount } } }",
        "{ stockItems(…) { totalCount } }",
        "{ product(id: 1) { stockItem { movements(…) { totalCount } } } }",
        "{ orders(…) { totalCount } }",
        "{ user(id: 1) { orders(…) { totalCount } } }",
    ];
    let page = |list: &str, arguments: &String| {
        (list.replace('…', arguments), json!({}), Request("BAD_USER_INPUT"))
    };
    lists.iter().flat_map(|list| arguments.iter().map(|it| page(list, it))).collect()
}

/// Queries that the router refuses before it plans them.
pub(super) fn queries() -> Vec<Row> {
    let aliases: String = (0..10_000).map(|n| format!("a{n}: __typename ")).collect();
    let nested = |levels: usize| {
        let down = "category { products { nodes { ".repeat(levels / 3);
        format!("{{ product(id: 1) {{ {down} id {} }} }}", "} } } ".repeat(levels / 3))
    };
    vec![
        (format!("{{ {aliases} }}"), json!({}), Request("TOKEN_LIMIT_EXCEEDED")),
        (nested(45), json!({}), Request("MAX_DEPTH_EXCEEDED")),
        (nested(60), json!({}), Request("GRAPHQL_PARSE_FAILED")),
        (
            "{ users { nodes { passwordHash } } }".to_owned(),
            json!({}),
            Request("GRAPHQL_VALIDATION_FAILED"),
        ),
        ("{ orders".to_owned(), json!({}), Request("GRAPHQL_PARSE_FAILED")),
        (String::new(), json!({}), Request("GRAPHQL_PARSE_FAILED")),
        (
            "query ($id: ID!) { user(id: $id) { id } }".to_owned(),
            json!({}),
            Request("BAD_USER_INPUT"),
        ),
        (
            "query ($id: ID!) { user(id: $id) { id } }".to_owned(),
            json!({ "id": null }),
            Request("BAD_USER_INPUT"),
        ),
        (
            "query ($id: ID!) { user(id: $id) { id } }".to_owned(),
            json!({ "id": ["1"] }),
            Request("BAD_USER_INPUT"),
        ),
        ("query ($id: ID!) { user(id: $id) { id } }".to_owned(), json!([]), Request("BAD_REQUEST")),
        (
            "query ($id: ID!) { user(id: $id) { id } }".to_owned(),
            json!({ "id": "\0" }),
            Request("BAD_USER_INPUT"),
        ),
    ]
}

/// Requests that are no operations; code and status of each.
pub(super) type Raw =
    (&'static str, fn(&Client, &str) -> RequestBuilder, &'static str, &'static [u16]);

const DELETION: &str = r#"{"query":"mutation { deleteOrder(id: 1) { deletedOrderId } }"}"#;

fn json_body(client: &Client, url: &str, body: Vec<u8>) -> RequestBuilder {
    client.post(url).header("content-type", "application/json").body(body)
}

pub(super) fn malformed() -> Vec<Raw> {
    vec![
        ("half a JSON", |client, url| json_body(client, url, b"{".to_vec()), "BAD_REQUEST", &[400]),
        (
            "no UTF-8",
            |client, url| json_body(client, url, b"{\"query\":\"\xff\"}".to_vec()),
            "BAD_REQUEST",
            &[400],
        ),
        ("nothing", |client, url| json_body(client, url, Vec::new()), "BAD_REQUEST", &[400]),
        (
            "no operation",
            |client, url| json_body(client, url, b"{}".to_vec()),
            "MISSING_QUERY_PARAM",
            &[400],
        ),
        (
            "a batch",
            |client, url| json_body(client, url, format!("[{DELETION}]").into_bytes()),
            "BAD_REQUEST",
            &[400],
        ),
        (
            "300 KB",
            |client, url| {
                let body =
                    json!({ "query": "{ __typename }", "variables": { "x": "x".repeat(300_000) } });
                client.post(url).json(&body)
            },
            "PAYLOAD_TOO_LARGE_CONTENT_LENGTH",
            &[413],
        ),
        (
            "a mutation over GET",
            |client, url| {
                client
                    .get(url)
                    .query(&[("query", "mutation { deleteOrder(id: 1) { deletedOrderId } }")])
            },
            "MUTATION_NOT_ALLOWED_OVER_HTTP_GET",
            &[405],
        ),
        (
            "a form of another site",
            |client, url| client.post(url).header("content-type", "text/plain").body(DELETION),
            "CSRF_PREVENTION_FAILED",
            &[403],
        ),
    ]
}
