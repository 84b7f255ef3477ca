//! A router outside development, and how it stops.
#![cfg(test)]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use futures::StreamExt;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::graph::product;
use support::raw::Connection;
use support::{Router, code, http};

/// Half of what requests that run are given: subscriptions are not waited for.
const STOP_TIME: Duration = Duration::from_secs(5);
/// What requests that run are given, with a second for the last answers and one for the machine.
const DRAIN_TIME: Duration = Duration::from_secs(10);
const PROTOCOL: &str = "graphql-transport-ws";

#[test]
fn a_router_outside_development_is_closed_and_stops_in_order() {
    let mut router = Router::start(false);
    tells_nothing_of_its_schema(&router);

    let (events, mut socket) = router.block_on(open_subscriptions(&router));
    let told = router.block_on(stop_while_a_request_runs(&router));
    router.join();
    assert!(told.elapsed() < STOP_TIME, "it took {:?}", told.elapsed());
    // The client is told, not just cut off.
    let events = router.block_on(events);
    assert!(events.contains("SUBSCRIPTION_SCHEMA_RELOAD"), "{events}");
    assert!(events.ends_with("event: complete\ndata: \n\n"), "{events}");
    assert_eq!(router.block_on(socket.close_code()), 1001);
    let refused = router.block_on(http().get(router.url("/health")).send());
    assert!(refused.is_err_and(|error| error.is_connect()));
}

fn tells_nothing_of_its_schema(router: &Router) {
    let introspection = router.graphql("{ __schema { queryType { name } } }", Value::Null);
    let (_, answer) = router.block_on(introspection);
    assert_eq!(code(&answer), "INTROSPECTION_DISABLED", "{answer}");
    for path in ["/graphiql", "/"] {
        let get = http().get(router.url(path)).header("accept", "text/html").send();
        assert_eq!(router.block_on(get).unwrap().status(), 404, "{path}");
    }
    let (_, answer) = router.block_on(router.graphql("{ produc }", Value::Null));
    assert!(!answer.to_string().contains("product"), "{answer}");
}

/// The request is answered, nothing new is taken; the instant at which nothing runs any more.
async fn stop_while_a_request_runs(router: &Router) -> Instant {
    let client = http();
    let readiness =
        || async { client.get(router.url("/readiness")).send().await.unwrap().status().as_u16() };
    assert_eq!(readiness().await, 200);
    let running = router.graphql(r#"{ product(id: "1") { held } }"#, Value::Null);
    let stop = async {
        product::HELD.notified().await;
        router.stopping.cancel();
        assert_eq!(readiness().await, 503);
        let post = client.post(router.url("/graphql")).json(&json!({ "query": "{ renames }" }));
        let refused = post.send().await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["retry-after"]),
            (503, &"1".parse().unwrap())
        );
        assert_eq!(code(&refused.json().await.unwrap()), "UNAVAILABLE");
        product::RELEASE.notify_one();
    };
    let ((status, answer), ()) = tokio::join!(running, stop);
    assert_eq!((status, answer), (200, json!({ "data": { "product": { "held": "released" } } })));
    Instant::now()
}

/// An event stream, the rest of its text, and a WebSocket with a subscription.
async fn open_subscriptions(router: &Router) -> (impl Future<Output = String> + use<>, Connection) {
    let query = r#"subscription { orderStatusChanged(id: "5") { status } }"#;
    let mut socket = Connection::websocket(router.address, "/graphql", PROTOCOL).await;
    socket.init().await;
    let payload = json!({ "query": query });
    socket.send(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
    assert_eq!(socket.message().await["type"], "next");
    let post = http().post(router.url("/graphql")).header("accept", "text/event-stream");
    let response = post.json(&json!({ "query": query })).send().await.unwrap();
    let mut events = response.bytes_stream();
    events.next().await.unwrap().unwrap();
    let rest = async move {
        let chunks = events.filter_map(async |chunk| chunk.ok());
        String::from_utf8(chunks.collect::<Vec<_>>().await.concat()).unwrap()
    };
    (rest, socket)
}

#[test]
fn a_mutation_goes_on_when_its_client_leaves_and_is_waited_for_at_the_end() {
    let mut router = Router::start(false);
    let body = json!({ "query": "mutation { renameProductLater(id: 1) { id } }" }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    router.block_on(async {
        let mut connection = Connection::open(router.address).await;
        connection.write(request.as_bytes()).await;
        product::RENAMING.notified().await;
        drop(connection);
        router.stopping.cancel();
        let ready = async || http().get(router.url("/readiness")).send().await;
        // It is still there, because the mutation runs.
        assert_eq!(ready().await.unwrap().status(), 503);
        product::RENAME.notify_one();
    });
    router.join();
    assert_eq!(product::renames(), 1);
}

#[test]
fn a_body_that_never_ends_does_not_hold_the_router() {
    let mut router = Router::start(false);
    let _half = router.block_on(async {
        let mut connection = Connection::open(router.address).await;
        let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                    Content-Length: 100\r\n\r\n{";
        connection.write(head.as_bytes()).await;
        // The router has read it when a later request is answered.
        router.graphql("{ renames }", Value::Null).await;
        connection
    });
    let asked = Instant::now();
    router.stopping.cancel();
    router.join();
    assert!(asked.elapsed() < DRAIN_TIME, "it took {:?}", asked.elapsed());
}
