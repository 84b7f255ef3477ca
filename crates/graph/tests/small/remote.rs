//! Subgraphs over HTTP.

use crate::support::{PATIENCE, answer, ask, build, code, free_address, request};
use crate::{order, product};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use chassis::{Subgraph, codes};
use futures::StreamExt;
use futures::stream::BoxStream;
use graph::{Answer, Endpoint, Graph, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const SECRET: &str = "only the parts know";

async fn serve(subgraph: Subgraph) -> (SocketAddr, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stopping) = (listener.local_addr().unwrap(), CancellationToken::new());
    let secret = Some(SECRET.to_owned());
    tokio::spawn(chassis::server::serve(listener, subgraph, secret, stopping.clone()));
    (address, stopping)
}

fn remote(name: &str, address: SocketAddr, secret: &str) -> Endpoint {
    let url = format!("http://{address}/graphql").parse().unwrap();
    Endpoint::Remote { name: name.to_owned(), url, secret: Some(secret.to_owned()) }
}

/// A graph whose orders are served at `orders`.
async fn graph(orders: SocketAddr, secret: &str) -> Graph {
    let weather = remote("weather", free_address().await, SECRET);
    let (product, _) = serve(product::subgraph()).await;
    build(vec![remote("product", product, SECRET), remote("order", orders, secret), weather], true)
}

async fn subscribe(graph: &Graph) -> BoxStream<'static, Response> {
    let query = "subscription($id: ID!) { o: orderStatusChanged(id: $id) { id: status product { id: name } } }";
    match graph.answer(request(query, json!({ "id": 5 }))).await {
        Ok(Answer::Stream(events)) => events,
        other => panic!("{other:?}"),
    }
}

async fn next(events: &mut BoxStream<'static, Response>) -> Option<Value> {
    let event = tokio::time::timeout(PATIENCE, events.next()).await.expect("no event comes")?;
    Some(serde_json::from_slice(&event.body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_mutations_and_subscriptions_go_to_subgraphs_apart() {
    let (orders, _stopping) = serve(order::subgraph()).await;
    let graph = graph(orders, SECRET).await;
    let query =
        "query($ids: [ID!]!) { orders(ids: $ids) { id: status product { id: name orders } } }";
    let got = answer(&graph, request(query, json!({ "ids": [1, "2"] }))).await;
    let order = |n: u8| json!({ "id": "PENDING", "product": { "id": format!("Product {n}"), "orders": 3 } });
    assert_eq!(got, json!({ "data": { "orders": [order(1), order(2)] } }));
    let renamed = ask(&graph, "mutation { renameProduct(id: \"😀\\\"\") { name orders } }").await;
    assert_eq!(renamed["data"]["renameProduct"], json!({ "name": "Product 😀\"", "orders": 3 }));

    let mut events = subscribe(&graph).await;
    for status in ["CONFIRMED", "SHIPPED"] {
        let order = json!({ "id": status, "product": { "id": "Product 5" } });
        assert_eq!(next(&mut events).await.unwrap(), json!({ "data": { "o": order } }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_ends_when_its_subgraph_stops() {
    let (orders, stopping) = serve(order::subgraph()).await;
    let graph = graph(orders, SECRET).await;
    let mut events = subscribe(&graph).await;
    next(&mut events).await.unwrap();
    next(&mut events).await.unwrap();
    stopping.cancel();
    assert_eq!(next(&mut events).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_makes_a_subgraph_unavailable() {
    let (orders, _stopping) = serve(order::subgraph()).await;
    let graph = graph(orders, "wrong").await;
    let got = ask(&graph, "{ order(id: 1) { id } renames }").await;
    assert_eq!(code(&got), codes::SUBGRAPH_UNAVAILABLE, "{got}");
    assert!(!got.to_string().contains("secret"), "{got}");
    let mut events = subscribe(&graph).await;
    let event = next(&mut events).await.unwrap();
    assert_eq!(code(&event), codes::SUBGRAPH_UNAVAILABLE, "{event}");
    assert_eq!(event["errors"][0]["path"], json!(["o"]), "{event}");
    assert_eq!(next(&mut events).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_breaks_off_ends_with_an_error() {
    let event = "event: next\ndata: {\"data\":{\"alias_o\":{\"alias_id\":\"S\",\"product\":{\"__typename\":\"Product\",\"id\":\"5\"}}}}\n\n";
    let respond = move || async move { ([(CONTENT_TYPE, "text/event-stream")], event) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/graphql", post(respond));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let graph = graph(address, SECRET).await;
    let mut events = subscribe(&graph).await;
    let order = json!({ "id": "S", "product": { "id": "Product 5" } });
    assert_eq!(next(&mut events).await.unwrap(), json!({ "data": { "o": order } }));
    assert_eq!(code(&next(&mut events).await.unwrap()), codes::SUBGRAPH_UNAVAILABLE);
    assert_eq!(next(&mut events).await, None);
}
