//! What a subscription's client sees, over either protocol.

use crate::shop::Shop;
use futures::stream::BoxStream;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// How long an event may take: another process's changes are looked for each second.
const DEADLINE: Duration = Duration::from_secs(60);
/// The status is the event's, the user's name another subgraph's.
const CHANGES: &str = "subscription ($id: ID!) {
    orderStatusChanged(id: $id) { id status user { username } } }";

/// An open subscription to one order.
pub(crate) struct Events(BoxStream<'static, Value>);

impl Events {
    /// Server-sent events, the "distinct connections" mode.
    pub(crate) async fn over_sse(shop: &Shop, order: &str) -> Self {
        let body = json!({ "query": CHANGES, "variables": { "id": order } });
        let post = shop.agora.client().post(shop.agora.url()).json(&body);
        let response = post.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");

        let chunks = response.bytes_stream();
        let events = futures::stream::unfold((chunks, String::new()), |(mut chunks, mut text)| {
            async move {
                loop {
                    if let Some((event, rest)) = text.split_once("\n\n") {
                        let (event, rest) = (event.to_owned(), rest.to_owned());
                        return Some((event, (chunks, rest)));
                    }
                    // Cut off, or ended: either way there is no more.
                    let chunk = chunks.next().await?.ok()?;
                    text.push_str(std::str::from_utf8(&chunk).unwrap());
                }
            }
        });
        let data = events.filter_map(async |event: String| {
            let data = event.lines().find_map(|line| line.strip_prefix("data:"))?.trim();
            (!data.is_empty()).then(|| serde_json::from_str(data).unwrap())
        });
        Self(data.boxed())
    }

    /// The graphql-transport-ws protocol.
    pub(crate) async fn over_websocket(shop: &Shop, order: &str) -> Self {
        let url = shop.agora.url().replace("http://", "ws://");
        let mut request = url.into_client_request().unwrap();
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (mut socket, _) = connect_async(request).await.unwrap();
        socket.send(message(json!({ "type": "connection_init" }))).await.unwrap();
        let payload = json!({ "query": CHANGES, "variables": { "id": order } });
        let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
        loop {
            let Message::Text(text) = socket.next().await.unwrap().unwrap() else { continue };
            let text: Value = serde_json::from_str(&text).unwrap();
            if text["type"] == "connection_ack" {
                break;
            }
        }
        socket.send(message(subscribe)).await.unwrap();

        let events = futures::stream::unfold(socket, async |mut socket| {
            loop {
                let Message::Text(text) = socket.next().await?.ok()? else { continue };
                let mut message: Value = serde_json::from_str(&text).unwrap();
                match message["type"].as_str() {
                    Some("next") => return Some((message["payload"].take(), socket)),
                    // A list of errors, without data.
                    Some("error") => {
                        return Some((json!({ "errors": message["payload"].take() }), socket));
                    }
                    Some("complete") => return None,
                    _ => {}
                }
            }
        });
        Self(events.boxed())
    }

    /// The next event; `None` when there will be none.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        let next = tokio::time::timeout(DEADLINE, self.0.next()).await;
        next.unwrap_or_else(|_| panic!("no event in {DEADLINE:?}"))
    }

    /// The status that the next event brings.
    pub(crate) async fn status(&mut self) -> String {
        let event = self.next().await.expect("the stream goes on");
        let status = event["data"]["orderStatusChanged"]["status"].as_str();
        status.unwrap_or_else(|| panic!("no status: {event}")).to_owned()
    }

    /// Reads on until the stream ends.
    pub(crate) async fn end(&mut self) {
        while self.next().await.is_some() {}
    }
}

fn message(json: Value) -> Message {
    Message::text(json.to_string())
}
