//! `orderStatusChanged`, through the router.

use crate::shop::{Shop, codes};
use crate::streams::Events;
use e2e::on_both_databases;
use serde_json::{Value, json};
use testing::{Agora, Database, wait_until};

const DEADLINE: std::time::Duration = std::time::Duration::from_secs(20);

/// A user, and a product of which there is enough.
async fn stocked(shop: &Shop) -> (String, String) {
    (shop.user("ann").await, shop.product("Mug", "5.00", 100).await)
}

/// Both protocols, on one order; answered once each has shown its first event, for none of them
/// tells when it has begun to listen.
async fn watched(shop: &Shop, user: &str, product: &str) -> (String, [Events; 3]) {
    for _ in 0..3 {
        let order = shop.order(user, &[(product, 1)]).await;
        let mut watching = [
            Events::over_sse(shop, &order).await,
            Events::over_websocket(shop, &order).await,
            Events::over_sse(shop, &order).await,
        ];
        shop.move_to(&order, "CONFIRMED").await;
        let mut seen = 0;
        for events in &mut watching {
            let first = tokio::time::timeout(DEADLINE / 4, events.status()).await;
            seen += usize::from(first.is_ok_and(|status| status == "CONFIRMED"));
        }
        if seen == watching.len() {
            return (order, watching);
        }
    }
    panic!("three times somebody was not told of a change");
}

on_both_databases! {
    async fn every_subscriber_of_either_protocol_sees_every_transition_in_order(
        database: &Database
    ) {
        let shop = Shop::on(database).await;
        let (user, product) = stocked(&shop).await;
        let (order, mut watching) = watched(&shop, &user, &product).await;
        let other = shop.order(&user, &[(&product, 1)]).await;

        // Another order's changes, changes of nothing and changes that are refused are no events.
        shop.move_to(&other, "CANCELLED").await;
        shop.move_to(&order, "CONFIRMED").await;
        assert_eq!(codes(&shop.move_to(&order, "PENDING").await), ["ILLEGAL_TRANSITION"]);
        for status in ["SHIPPED", "DELIVERED"] {
            assert_eq!(codes(&shop.move_to(&order, status).await), [""; 0]);
        }

        for events in &mut watching {
            for status in ["SHIPPED", "DELIVERED"] {
                let event = events.next().await.expect("the stream goes on");
                let changed =
                    json!({ "id": order, "status": status, "user": { "username": "ann" } });
                assert_eq!(event, json!({ "data": { "orderStatusChanged": changed } }));
            }
        }
    }
}

#[tokio::test]
async fn the_stream_ends_when_the_order_is_deleted() {
    let shop = Shop::open().await;
    let (user, product) = stocked(&shop).await;
    let (order, watching) = watched(&shop, &user, &product).await;

    let delete = "mutation ($id: ID!) { deleteOrder(id: $id) { userErrors { code } } }";
    shop.change(delete, json!({ "id": order })).await;

    for mut events in watching {
        assert_eq!(events.next().await, None);
    }
}

#[tokio::test]
async fn an_order_that_nobody_placed_cannot_be_watched() {
    let shop = Shop::open().await;

    for (order, code) in [("999", "NOT_FOUND"), ("x", "BAD_USER_INPUT")] {
        let first = [
            Events::over_sse(&shop, order).await.next().await,
            Events::over_websocket(&shop, order).await.next().await,
        ];
        for event in first {
            let event = event.expect("an error is told");
            assert_eq!(event["errors"][0]["extensions"]["code"], code, "{event}");
            assert_eq!(event["data"].get("orderStatusChanged"), None, "{event}");
        }
    }
}

#[tokio::test]
async fn a_change_that_another_process_made_arrives_too_and_its_stock_is_settled() {
    let Some(database) = Database::postgres() else { return };
    let shop = Shop::on(&database).await;
    let (user, product) = stocked(&shop).await;
    let (order, [mut over_sse, mut over_websocket, _]) = watched(&shop, &user, &product).await;
    // Its peers are not there: it can move orders, and leaves their effects to the other process.
    let nobody = "http://127.0.0.1:1/graphql";
    let alone = Agora::options().database(&database).argument("--role").argument("order");
    let alone = alone.argument("--inventory-url").argument(nobody).start().await;

    let ship = "mutation ($id: ID!) { transitionOrder(id: $id, to: SHIPPED) {
        order { status } userErrors { code } } }";
    let shipped = alone.data(ship, json!({ "id": order })).await;

    assert_eq!(shipped["transitionOrder"]["userErrors"], Value::Array(Vec::new()));
    assert_eq!(over_sse.status().await, "SHIPPED");
    assert_eq!(over_websocket.status().await, "SHIPPED");
    wait_until(DEADLINE, || async { shop.stock(&product).await == (99, 0, 99) }).await;
}
