//! Subscriptions in process.

use crate::shop::{SHOP, ask, request};
use futures::StreamExt;
use graph::Answer;
use serde_json::{Value, json};

/// Returns when the subscription that is polled at the same time has read what it starts from:
/// these reads begin after it.
async fn listening() {
    for id in 1..=5 {
        ask(&SHOP.graph, &format!("{{ order(id: {id}) {{ status }} }}"), Value::Null).await;
    }
}

#[test]
fn events_have_what_other_subgraphs_know_and_the_clients_aliases() {
    SHOP.block_on(async {
        let place = "mutation { placeOrder(input: { userId: 3, shippingAddress: \"x\",
            lines: [{ productId: 5, quantity: 1 }] }) { order { id } } }";
        let placed = ask(&SHOP.graph, place, Value::Null).await;
        let id = placed["data"]["placeOrder"]["order"]["id"].as_str().unwrap().to_owned();
        let number: u64 = id.parse().unwrap();
        let subscription = "subscription ($id: ID!) { o: orderStatusChanged(id: $id) { id: status
            status: id lines { product { id: name availableQuantity } } } }";
        let answer = SHOP.graph.answer(request(subscription, json!({ "id": number }))).await;
        let Ok(Answer::Stream(mut events)) = answer else { panic!("{answer:?}") };
        let transition = "mutation ($id: ID!, $to: OrderStatus!) {
            transitionOrder(id: $id, to: $to) { userErrors { code } } }";
        let changes = async {
            for to in ["SHIPPED", "DELIVERED"] {
                listening().await;
                ask(&SHOP.graph, transition, json!({ "id": id, "to": to })).await;
            }
        };
        let read = async {
            let mut seen = Vec::new();
            while seen.len() < 2 {
                let event = events.next().await.unwrap();
                seen.push(serde_json::from_slice::<Value>(&event.body).unwrap());
            }
            seen
        };
        let (seen, ()) = tokio::join!(read, changes);
        for (event, status) in seen.iter().zip(["SHIPPED", "DELIVERED"]) {
            let product = json!({ "id": "6", "availableQuantity": 498 });
            let order = json!({ "id": status, "status": id, "lines": [{ "product": product }] });
            assert_eq!(*event, json!({ "data": { "o": order } }));
        }
    });
}

#[test]
fn a_subscription_to_what_does_not_exist_is_an_error_and_ends() {
    SHOP.block_on(async {
        let subscription = "subscription { o: orderStatusChanged(id: 4711) { id } }";
        let answer = SHOP.graph.answer(request(subscription, Value::Null)).await;
        let Ok(Answer::Stream(mut events)) = answer else { panic!("{answer:?}") };
        let event = events.next().await.unwrap();
        let event: Value = serde_json::from_slice(&event.body).unwrap();
        assert_eq!(event["data"], Value::Null);
        assert_eq!(event["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(event["errors"][0]["path"], json!(["o"]), "{event}");
        assert!(events.next().await.is_none());
    });
}

#[test]
fn the_event_of_a_cancelled_order_shows_the_stock_after_it_came_back() {
    SHOP.block_on(async {
        let run = async |query: &str, variables: Value| {
            let answer = ask(&SHOP.graph, query, variables).await;
            assert!(!answer.to_string().contains("\"code\""), "{answer}");
            answer["data"].clone()
        };
        let create = "mutation { createProduct(input: { name: \"n\", description: \"d\", price: \"1\" })
            { product { id } userErrors { code } } }";
        let product = run(create, Value::Null).await["createProduct"]["product"]["id"].clone();
        let stock = "mutation($p: ID!) { setStock(input: { productId: $p, onHand: 50 }) { userErrors { code } } }";
        run(stock, json!({ "p": product })).await;
        for _ in 0..5 {
            let place = "mutation($p: ID!) { placeOrder(input: { userId: 3, shippingAddress: \"x\",
                lines: [{ productId: $p, quantity: 7 }] }) { order { id } userErrors { code } } }";
            let placed = run(place, json!({ "p": product })).await;
            let id = json!({ "id": placed["placeOrder"]["order"]["id"] });
            let subscription = "subscription($id: ID!) { orderStatusChanged(id: $id) {
                status lines { product { availableQuantity } } } }";
            let answer = SHOP.graph.answer(request(subscription, id.clone())).await;
            let Ok(Answer::Stream(mut events)) = answer else { panic!("{answer:?}") };
            let event = async {
                let event = events.next().await.unwrap();
                serde_json::from_slice::<Value>(&event.body).unwrap()
            };
            let cancel = "mutation($id: ID!) { cancelOrder(id: $id) { userErrors { code } } }";
            let (event, _) = tokio::join!(event, async {
                listening().await;
                run(cancel, id.clone()).await
            });
            let product = json!({ "availableQuantity": 50 });
            let order = json!({ "status": "CANCELLED", "lines": [{ "product": product }] });
            assert_eq!(event, json!({ "data": { "orderStatusChanged": order } }));
        }
    });
}
