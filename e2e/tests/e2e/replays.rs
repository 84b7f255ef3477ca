//! A request that is sent again with its idempotency key is told that it was.

use crate::shop::{PLACE, Shop, order_input};
use e2e::http::Request;
use serde_json::{Value, json};
use testing::Agora;

const TWO_SUBGRAPHS: &str = "mutation ($order: PlaceOrderInput!, $stock: AdjustStockInput!) {
    adjustStock(input: $stock) { stockItem { available } userErrors { code } }
    placeOrder(input: $order) { order { id } userErrors { code } } }";

#[tokio::test]
async fn the_answer_to_a_repeated_request_says_so_in_the_graph_and_over_rest() {
    let shop = Shop::from(Agora::options().sample_data()).await;

    assert_replays(&shop, &shop.agora).await;
}

/// A shop with sample data, of which `rest` is the REST interface.
pub(crate) async fn assert_replays(shop: &Shop, rest: &Agora) {
    let orders = shop.order_count().await;
    let (_, _, available) = shop.stock("5").await;

    let keyed = |key: &str| order_input("1", &[("5", 2)], json!({ "idempotencyKey": key }));
    let place = async || shop.agora.graphql(PLACE, json!({ "input": keyed("graph") })).await;
    let (first, again) = (place().await, place().await);
    assert_eq!(first.get("extensions"), None, "{first}");
    assert_eq!(again["extensions"], json!({ "idempotentReplay": true }), "{again}");
    assert_eq!(again["data"], first["data"]);
    let query = "{ orders(first: 1) { nodes { id } } }";
    assert_eq!(shop.agora.graphql(query, json!({})).await.get("extensions"), None);

    // Two subgraphs in one operation, of which each in turn repeats something.
    let (both, stock) =
        (TWO_SUBGRAPHS, json!({ "productId": "5", "delta": 3, "idempotencyKey": "s" }));
    for (key, extensions) in [("a", None), ("b", Some(json!({ "idempotentReplay": true })))] {
        let variables = json!({ "order": keyed(key), "stock": stock });
        let answer = shop.agora.graphql(both, variables).await;
        assert_eq!(answer.get("extensions"), extensions.as_ref(), "{answer}");
    }
    let new_stock = json!({ "productId": "5", "delta": 3, "idempotencyKey": "t" });
    let answer = shop.agora.graphql(both, json!({ "order": keyed("b"), "stock": new_stock })).await;
    assert_eq!(answer["extensions"], json!({ "idempotentReplay": true }), "{answer}");
    assert_eq!(shop.order_count().await, orders + 3);
    assert_eq!(shop.stock("5").await.2, available - 3 * 2 + 2 * 3);

    let first = post(rest, "/orders/", &order(1)).await;
    let again = post(rest, "/orders/", &order(1)).await;
    let other = post(rest, "/orders/", &order(2)).await;
    assert_eq!((first.status, again.status, other.status), (201, 201, 422), "{}", other.text());
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json(), first.json());
    assert_eq!(shop.order_count().await, orders + 4);
}

async fn post(rest: &Agora, path: &str, body: &Value) -> e2e::http::Answer {
    let request = Request::new("POST", path).json(body).header("Idempotency-Key", "rest");
    request.send(rest.rest_url("order")).await.unwrap()
}

fn order(quantity: u32) -> Value {
    json!({
        "user_id": 1, "shipping_address": "Mill Lane 1",
        "items": [{"product_id": 5, "quantity": quantity, "price": "5.00"}],
    })
}
