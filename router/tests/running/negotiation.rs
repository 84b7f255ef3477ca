//! The form of an answer is chosen before anything is executed.

use crate::ROUTER;
use crate::support::{code, http};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::sync::Mutex;

const RENAME: &str = "mutation { renameProduct(id: 1) { id } }";
/// Held by tests that count renames.
static COUNTING: Mutex<()> = Mutex::new(());

fn send(method: Method, accept: Option<&str>, query: &str) -> Response {
    let url = ROUTER.url("/graphql");
    let mut request = match method {
        Method::POST => http().post(url).json(&json!({ "query": query })),
        _ => http().request(method, url).query(&[("query", query)]),
    };
    // reqwest would send */*.
    request = request.header("accept", accept.unwrap_or_default());
    ROUTER.block_on(async { request.send().await.unwrap() })
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn json(response: Response) -> Value {
    ROUTER.block_on(async { response.json().await.unwrap() })
}

fn renames() -> u64 {
    let (_, answer) = ROUTER.block_on(ROUTER.graphql("{ renames }", Value::Null));
    answer["data"]["renames"].as_u64().unwrap()
}

#[test]
fn a_query_is_answered_in_the_form_that_the_client_prefers() {
    let table = [
        ("", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("application/json; charset=utf-8", 200, "application/json"),
        (
            "APPLICATION/GRAPHQL-RESPONSE+JSON;charset=UTF-8",
            200,
            "application/graphql-response+json",
        ),
        ("application/json;q=0.1, application/*;q=0.9", 200, "application/graphql-response+json"),
        ("text/event-stream", 200, "text/event-stream"),
        ("image/png", 406, "application/json"),
        ("text/html", 406, "application/json"),
    ];
    for (accept, status, content_type) in table {
        for method in [Method::POST, Method::GET] {
            let response = send(method.clone(), Some(accept), "{ __typename }");
            if accept == "text/html" && method == Method::GET {
                continue;
            }
            assert_eq!(response.status(), status, "{accept}");
            assert_eq!(header(&response, "content-type"), content_type, "{accept}");
            let vary = response.headers().get_all("vary").iter();
            let vary: Vec<_> = vary.map(|value| value.to_str().unwrap().to_lowercase()).collect();
            assert!(vary.join(",").contains("accept"), "{accept}: {vary:?}");
        }
    }
}

#[test]
fn request_errors_have_statuses_of_their_own_in_the_newer_form() {
    let table = [
        ("{ product(id: ", 200, 400, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", 200, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { renames } query B { renames }", 400, 400, "OPERATION_RESOLUTION_FAILURE"),
    ];
    for (query, with_json, with_graphql, expected) in table {
        for (accept, status) in
            [("application/json", with_json), ("application/graphql-response+json", with_graphql)]
        {
            let response = send(Method::POST, Some(accept), query);
            assert_eq!(
                (response.status().as_u16(), header(&response, "content-type")),
                (status, accept)
            );
            let answer = json(response);
            assert_eq!((code(&answer), answer.get("data")), (expected, None), "{answer}");
        }
    }
}

#[test]
fn a_mutation_is_executed_only_if_its_answer_can_be_delivered() {
    let _counting = COUNTING.lock().unwrap();
    for accept in ["image/png", "application/json;q=0", "application/json; charset=utf-16"] {
        let before = renames();
        let response = send(Method::POST, Some(accept), RENAME);
        assert_eq!(response.status(), 406, "{accept}");
        assert_eq!(code(&json(response)), "NOT_ACCEPTABLE");
        assert_eq!(renames(), before, "{accept}");
    }
    for (accept, end) in [
        ("text/event-stream", "event: complete\ndata: \n\n"),
        ("multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"", "--graphql--\r\n"),
        ("multipart/mixed", "\r\n-----\r\n"),
    ] {
        let before = renames();
        let response = send(Method::POST, Some(accept), RENAME);
        assert_eq!(response.status(), 200, "{accept}");
        let text = ROUTER.block_on(async { response.text().await.unwrap() });
        assert!(text.contains(r#"{"data":{"renameProduct":{"id":"1"}}}"#), "{text}");
        assert!(text.ends_with(end), "{text}");
        assert_eq!(renames(), before + 1, "{accept}");
    }
}

#[test]
fn a_mutation_is_never_executed_by_get_or_head() {
    let _counting = COUNTING.lock().unwrap();
    let before = renames();
    for accept in ["application/json", "text/event-stream", "multipart/mixed", "*/*"] {
        for method in [Method::GET, Method::HEAD] {
            let response = send(method.clone(), Some(accept), RENAME);
            assert_eq!(response.status(), 405, "{accept}");
            assert_eq!(header(&response, "allow"), "POST");
            if method == Method::GET {
                assert_eq!(code(&json(response)), "MUTATION_NOT_ALLOWED_OVER_HTTP_GET");
            }
        }
    }
    assert_eq!(renames(), before);
}

#[test]
fn a_subscription_needs_a_form_that_comes_in_parts() {
    let subscription = "subscription { counted(to: 1) }";
    for accept in ["application/json", "application/graphql-response+json; charset=utf-8"] {
        let response = send(Method::POST, Some(accept), subscription);
        assert_eq!(response.status(), 406);
        assert_eq!(code(&json(response)), "SUBSCRIPTIONS_TRANSPORT_NOT_SUPPORTED");
    }
    let response = send(Method::POST, Some("text/event-stream; charset=utf-8"), subscription);
    assert_eq!(header(&response, "content-type"), "text/event-stream");
}

#[test]
fn other_methods_are_told_which_ones_there_are() {
    for path in ["/graphql", "/graphql/"] {
        for method in [Method::PATCH, Method::TRACE, Method::from_bytes(b"BREW").unwrap()] {
            let request = http().request(method, ROUTER.url(path));
            let response = ROUTER.block_on(async { request.send().await.unwrap() });
            assert_eq!(response.status(), 405);
            assert_eq!(header(&response, "allow"), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
            assert_eq!(code(&json(response)), "METHOD_NOT_ALLOWED");
        }
    }
    for (path, allow) in
        [("/graphql", "GET, HEAD, POST, PUT, DELETE, OPTIONS"), ("/health", "GET, HEAD, OPTIONS")]
    {
        let request = http().request(Method::OPTIONS, ROUTER.url(path));
        let response = ROUTER.block_on(async { request.send().await.unwrap() });
        assert!(response.status().is_success());
        assert_eq!(header(&response, "allow"), allow);
    }
    let request = http().post(ROUTER.url("/health"));
    let response = ROUTER.block_on(async { request.send().await.unwrap() });
    assert_eq!(
        (response.status().as_u16(), header(&response, "allow")),
        (405, "GET, HEAD, OPTIONS")
    );
}

#[test]
fn head_is_get_without_the_body() {
    let head = send(Method::HEAD, Some("application/json"), "{ renames }");

    assert_eq!(head.status(), 200);
    assert_eq!(header(&head, "content-type"), "application/json");
    assert_eq!(ROUTER.block_on(async { head.bytes().await.unwrap() }), "");
}

#[test]
fn batches_are_refused_with_the_reason() {
    let batch = json!([{ "query": "{ renames }" }, { "query": "{ renames }" }]);
    let post = http().post(ROUTER.url("/graphql")).json(&batch);
    let response = ROUTER.block_on(async { post.send().await.unwrap() });

    assert_eq!(response.status(), 400);
    let answer = json(response);
    assert_eq!(code(&answer), "BAD_REQUEST");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("one operation"), "{answer}");
}

#[test]
fn a_request_that_is_not_json_is_refused_whatever_it_is() {
    let table = [
        ("application/xml", None, 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("application/graphql", None, 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("application/json; charset=latin1", None, 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("text/plain", None, 403, "CSRF_PREVENTION_FAILED"),
        ("TEXT/PLAIN; charset=utf-8", None, 403, "CSRF_PREVENTION_FAILED"),
        ("text/plain", Some("x-agora-csrf"), 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("", None, 403, "CSRF_PREVENTION_FAILED"),
        ("", Some("apollo-require-preflight"), 415, "MISSING_CONTENT_TYPE_HEADER"),
    ];
    for (content_type, csrf, status, expected) in table {
        let mut post = http().post(ROUTER.url("/graphql")).body(r#"{"query":"{ renames }"}"#);
        if !content_type.is_empty() {
            post = post.header("content-type", content_type);
        }
        if let Some(name) = csrf {
            post = post.header(name, "1");
        }
        let response = ROUTER.block_on(async { post.send().await.unwrap() });
        assert_eq!(response.status(), status, "{content_type} {csrf:?}");
        assert_eq!(code(&json(response)), expected);
    }
}

#[test]
fn what_is_unavailable_may_be_asked_for_again_in_a_second() {
    let away = send(Method::POST, Some("application/json"), "{ weather }");
    assert_eq!((away.status().as_u16(), header(&away, "retry-after")), (200, "1"));

    let there = send(Method::POST, Some("application/json"), "{ renames }");
    assert_eq!(there.headers().get("retry-after"), None);
}
