//! A router outside development, and how it stops. One process, one router, one test.
#![cfg(test)]

mod support;

use futures::StreamExt;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::graph::product;
use support::{Router, code, http};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// Half of what requests that run are given: subscriptions are not waited for.
const STOP_TIME: Duration = Duration::from_secs(5);

#[test]
fn a_router_outside_development_is_closed_and_a_signal_ends_it() {
    let mut router = Router::start(false);
    tells_nothing_of_its_schema(&router);
    says_which_address_is_taken(&router);

    let events = router.block_on(open_subscriptions(&router));
    let told = router.block_on(terminate_while_a_request_runs(&router));
    router.join();
    assert!(told.elapsed() < STOP_TIME, "it took {:?}", told.elapsed());
    assert!(router.stopping.is_cancelled(), "the rest of the process is told too");
    // The client is told, not just cut off.
    assert!(router.block_on(events).contains("SUBSCRIPTION_SCHEMA_RELOAD"));
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

fn says_which_address_is_taken(router: &Router) {
    let taken = router.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = taken.local_addr().unwrap();
    let options = router::Options {
        host: address.ip(),
        port: address.port(),
        supergraph: String::new(),
        subgraphs: Vec::new(),
        development: false,
        runtime: router.runtime.handle().clone(),
        stopping: router.stopping.child_token(),
        readiness: std::sync::Arc::new(|| Box::pin(std::future::ready(true))),
        metrics: None,
    };
    let error = router::run(options, |_| {}).unwrap_err();
    assert!(matches!(error, router::RouterError::Bind { address: named, .. } if named == address));
}

/// The request is answered, nothing new is taken; the instant at which nothing runs any more.
async fn terminate_while_a_request_runs(router: &Router) -> Instant {
    let client = http();
    let readiness =
        || async { client.get(router.url("/readiness")).send().await.unwrap().status().as_u16() };
    assert_eq!(readiness().await, 200);
    let running = router.graphql(r#"{ product(id: "1") { held } }"#, Value::Null);
    let terminate = async {
        product::HELD.notified().await;
        let kill = format!("kill -TERM {}", std::process::id());
        assert!(Command::new("sh").args(["-c", &kill]).status().await.unwrap().success());
        while readiness().await == 200 {}
        product::RELEASE.notify_one();
    };
    let ((status, answer), ()) = tokio::join!(running, terminate);
    assert_eq!((status, answer), (200, json!({ "data": { "product": { "held": "released" } } })));
    Instant::now()
}

/// An idle WebSocket and an event stream; the rest of the stream's text.
async fn open_subscriptions(router: &Router) -> impl Future<Output = String> + use<> {
    let mut request = format!("ws://{}/graphql", router.address).into_client_request().unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (socket, _) = connect_async(request).await.unwrap();
    let query = r#"subscription { orderStatusChanged(id: "5") { status } }"#;
    let post = http().post(router.url("/graphql")).header("accept", "text/event-stream");
    let response = post.json(&json!({ "query": query })).send().await.unwrap();
    let mut events = response.bytes_stream();
    events.next().await.unwrap().unwrap();
    async move {
        let _open = socket;
        let chunks = events.filter_map(async |chunk| chunk.ok());
        String::from_utf8(chunks.collect::<Vec<_>>().await.concat()).unwrap()
    }
}
