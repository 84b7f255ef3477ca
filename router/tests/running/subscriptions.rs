//! Subscriptions, over both protocols.

use crate::ROUTER;
use crate::support::http;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Error, Message};

/// The status is the event's, the product's name another subgraph's.
const CHANGES: &str = r#"subscription { orderStatusChanged(id: "5") { status product { name } } }"#;

fn change(status: &str) -> Value {
    let order = json!({ "status": status, "product": { "name": "Product 5" } });
    json!({ "data": { "orderStatusChanged": order } })
}

fn websocket() -> Request<()> {
    let mut request = format!("ws://{}/graphql", ROUTER.address).into_client_request().unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    request
}

#[test]
fn events_arrive_over_sse_with_what_other_subgraphs_know() {
    ROUTER.block_on(async {
        let post = http().post(ROUTER.url("/graphql")).header("accept", "text/event-stream");
        let response = post.json(&json!({ "query": CHANGES })).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");

        let (mut chunks, mut text) = (response.bytes_stream(), String::new());
        while text.matches("event: next").count() < 2 || !text.ends_with("\n\n") {
            let chunk = chunks.next().await.expect("the stream stays open").unwrap();
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }

        let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
        let events: Vec<Value> = data.map(|data| serde_json::from_str(data).unwrap()).collect();
        assert_eq!(events, [change("CONFIRMED"), change("SHIPPED")]);
    });
}

#[test]
fn events_arrive_over_websocket_with_what_other_subgraphs_know() {
    ROUTER.block_on(async {
        let (mut socket, _) = connect_async(websocket()).await.unwrap();
        let mut events = Vec::new();
        let init = json!({ "type": "connection_init" });
        socket.send(Message::text(init.to_string())).await.unwrap();
        while events.len() < 2 {
            let Message::Text(text) = socket.next().await.unwrap().unwrap() else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            match message["type"].as_str() {
                Some("connection_ack") => {
                    let payload = json!({ "query": CHANGES });
                    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
                    socket.send(Message::text(subscribe.to_string())).await.unwrap();
                }
                Some("next") => events.push(message["payload"].clone()),
                _ => {}
            }
        }
        assert_eq!(events, [change("CONFIRMED"), change("SHIPPED")]);
    });
}

#[test]
fn a_page_of_another_site_opens_no_websocket() {
    let refused = ROUTER.block_on(async {
        let mut request = websocket();
        request
            .headers_mut()
            .insert("origin", HeaderValue::from_static("http://elsewhere.example"));
        connect_async(request).await
    });

    assert!(matches!(refused, Err(Error::Http(response)) if response.status() == 403));
}

#[test]
fn a_page_of_this_site_opens_one() {
    ROUTER.block_on(async {
        let mut request = websocket();
        let origin = format!("http://{}", ROUTER.address).parse().unwrap();
        request.headers_mut().insert("origin", origin);
        connect_async(request).await.unwrap();
    });
}

#[test]
fn a_message_of_nothing_but_brackets_ends_at_most_its_own_connection() {
    // Without optimisation a level takes 21 KB of stack: more would need more than a release has.
    let nest = format!("{}{}", "[".repeat(4_000), "]".repeat(4_000));
    let init = format!(r#"{{"type":"connection_init","payload":{{"x":{nest}}}}}"#);
    let payload = format!(r#"{{"query":"{{ renames }}","variables":{{"x":{nest}}}}}"#);
    let subscribe = format!(r#"{{"type":"subscribe","id":"1","payload":{payload}}}"#);
    let status = ROUTER.block_on(async {
        for message in [init, subscribe] {
            let (mut socket, _) = connect_async(websocket()).await.unwrap();
            socket.send(Message::text(message)).await.unwrap();
            // An answer or the end of the connection: both are fine.
            let _ = socket.next().await;
        }
        ROUTER.graphql("{ __typename }", Value::Null).await.0
    });

    assert_eq!(status, 200);
}
