//! GraphQL over Server-Sent Events, in both modes, byte by byte.

use crate::ROUTER;
use crate::support::{code, http};
use futures::{Stream, StreamExt};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::pin::Pin;

const COUNT: &str = "subscription { counted(to: 2) }";
const ENDLESS: &str = r#"subscription { orderStatusChanged(id: "5") { status } }"#;
const TOKEN: &str = "x-graphql-event-stream-token";

fn get(query: &str) -> Response {
    let get = http().get(ROUTER.url("/graphql")).query(&[("query", query)]);
    ROUTER.block_on(async { get.header("accept", "text/event-stream").send().await.unwrap() })
}

#[test]
fn a_stream_that_ends_says_so_in_a_way_that_browsers_report() {
    let table = [
        (COUNT, vec![json!({ "data": { "counted": 1 } }), json!({ "data": { "counted": 2 } })]),
        ("{ __typename }", vec![json!({ "data": { "__typename": "Query" } })]),
    ];
    for (query, expected) in table {
        let response = get(query);
        let text = ROUTER.block_on(async { response.text().await.unwrap() });
        let mut events = text.strip_prefix(":\n\n").unwrap().split_terminator("\n\n");
        for event in expected {
            let data = events.next().unwrap().strip_prefix("event: next\ndata: ").unwrap();
            assert_eq!(serde_json::from_str::<Value>(data).unwrap(), event);
        }
        // A browser drops an event without a field for data.
        assert_eq!(events.next(), Some("event: complete\ndata: "));
        assert_eq!(events.next(), None);
    }
}

#[test]
fn request_errors_are_events_for_those_who_take_nothing_else() {
    let response = get("{ nothing }");
    assert_eq!(response.status(), 200);
    let text = ROUTER.block_on(async { response.text().await.unwrap() });
    assert!(text.starts_with(":\n\nevent: next\ndata: {\"errors\":["), "{text}");
    assert!(text.contains("GRAPHQL_VALIDATION_FAILED"), "{text}");
    assert!(text.ends_with("\n\nevent: complete\ndata: \n\n"), "{text}");
}

/// The events of an open stream.
struct Events(Pin<Box<dyn Stream<Item = Result<bytes::Bytes, reqwest::Error>> + Send>>, String);

impl Events {
    /// The name and the data of the next event.
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.1.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.1 = rest;
                if let Some((name, data)) = event.split_once('\n') {
                    let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
                    return (name.strip_prefix("event: ").unwrap().to_owned(), data);
                }
                continue;
            }
            let chunk = self.0.next().await.expect("the stream stays open").unwrap();
            self.1.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn reserve() -> String {
    let response = http().put(ROUTER.url("/graphql")).send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    response.text().await.unwrap()
}

async fn open(token: &str) -> Response {
    let get = http().get(ROUTER.url("/graphql")).header("accept", "text/event-stream");
    get.header(TOKEN, token).send().await.unwrap()
}

async fn send(method: Method, token: &str, body: Option<Value>, search: &str) -> (u16, Value) {
    let mut request = http().request(method, ROUTER.url(&format!("/graphql{search}")));
    request = request.header(TOKEN, token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

async fn start(token: &str, id: &str, query: &str) -> (u16, Value) {
    let body = json!({ "query": query, "extensions": { "operationId": id } });
    send(Method::POST, token, Some(body), "").await
}

#[test]
fn one_stream_carries_many_operations() {
    ROUTER.block_on(async {
        let token = reserve().await;
        // Results wait for a stream that is not open yet.
        assert_eq!(start(&token, "early", "{ __typename }").await.0, 202);
        let response = open(&token).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Events(response.bytes_stream().boxed(), String::new());
        let early = json!({ "id": "early", "payload": { "data": { "__typename": "Query" } } });
        assert_eq!(events.next().await, ("next".to_owned(), early));
        assert_eq!(events.next().await, ("complete".to_owned(), json!({ "id": "early" })));

        assert_eq!(start(&token, "count", COUNT).await.0, 202);
        for count in [1, 2] {
            let payload = json!({ "data": { "counted": count } });
            let expected = json!({ "id": "count", "payload": payload });
            assert_eq!(events.next().await, ("next".to_owned(), expected));
        }
        assert_eq!(events.next().await, ("complete".to_owned(), json!({ "id": "count" })));

        assert_eq!(start(&token, "endless", ENDLESS).await.0, 202);
        for _ in 0..2 {
            assert_eq!(events.next().await.1["id"], "endless");
        }
        let (status, answer) = start(&token, "endless", ENDLESS).await;
        assert_eq!((status, code(&answer)), (409, "CONFLICT"));
        assert_eq!(send(Method::DELETE, &token, None, "?operationId=endless").await.0, 200);
        assert_eq!(events.next().await, ("complete".to_owned(), json!({ "id": "endless" })));
        assert_eq!(start(&token, "endless", "{ __typename }").await.0, 202);
        assert_eq!(events.next().await.1["id"], "endless");
    });
}

#[test]
fn a_stream_is_opened_once_and_is_gone_when_it_is_closed() {
    ROUTER.block_on(async {
        let token = reserve().await;
        let first = open(&token).await;
        assert_eq!(open(&token).await.status(), 409);
        drop(first);
        while open(&token).await.status() != 404 {}
        assert_eq!(start(&token, "1", "{ __typename }").await.0, 404);
        assert_eq!(send(Method::DELETE, &token, None, "?operationId=1").await.0, 404);
    });
}

#[test]
fn what_is_wrong_with_an_operation_is_answered_where_it_was_sent() {
    ROUTER.block_on(async {
        let token = reserve().await;
        let (status, answer) = start(&token, "1", "{ nothing }").await;
        assert_eq!((status, code(&answer)), (400, "GRAPHQL_VALIDATION_FAILED"));
        // Its id is free again.
        assert_eq!(start(&token, "1", "{ __typename }").await.0, 202);
        let body = json!({ "query": "{ __typename }" });
        assert_eq!(send(Method::POST, &token, Some(body), "").await.0, 400);
        assert_eq!(send(Method::DELETE, &token, None, "").await.0, 400);
        assert_eq!(start("unknown", "1", "{ __typename }").await.0, 404);
        assert_eq!(open("unknown").await.status(), 404);
        let delete = http().delete(ROUTER.url("/graphql?operationId=1")).send().await.unwrap();
        assert_eq!(delete.status(), 400);
    });
}

#[test]
fn a_browser_may_put_the_token_into_the_url() {
    ROUTER.block_on(async {
        let token = reserve().await;
        let get = http().get(ROUTER.url(&format!("/graphql?token={token}")));
        let response = get.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(response.status(), 200);
        let mut events = Events(response.bytes_stream().boxed(), String::new());
        assert_eq!(start(&token, "1", "{ __typename }").await.0, 202);
        assert_eq!(events.next().await.1["id"], "1");
    });
}
