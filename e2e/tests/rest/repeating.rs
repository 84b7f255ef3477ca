//! Requests with an idempotency key, which may be sent again.

use crate::shop::{Shop, order};
use e2e::http::{Answer, Request};
use serde_json::{Value, json};

const REPLAYED: &str = "idempotent-replayed";

async fn keyed(shop: &Shop, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::new("POST", path).json(body).header("Idempotency-Key", key);
    shop.send(path, request).await
}

#[tokio::test]
async fn an_order_is_placed_once_however_often_it_is_sent() {
    Shop::on_both(async |shop| {
        shop.stock_up(10).await;
        let short = json!({"user_id": 1, "product_id": 1, "quantity": 1});
        for (path, body) in [("/orders/", order(2)), ("/api/orders/", short)] {
            let first = keyed(shop, path, path, &body).await;
            let again = keyed(shop, path, path, &body).await;
            let mut elsewhere = body.clone();
            elsewhere["shipping_address"] = json!("Hill Lane 2");
            let other = keyed(shop, path, path, &elsewhere).await;

            assert_eq!((first.status, first.header(REPLAYED)), (201, None), "{}", first.text());
            assert_eq!((again.status, again.header(REPLAYED)), (201, Some("true")));
            assert_eq!(again.json(), first.json());
            assert_eq!((other.status, other.header(REPLAYED)), (422, None), "{}", other.text());
            assert!(other.json()["error"].is_string(), "{}", other.text());
        }
        assert_eq!(shop.stock().await, 7);
        assert_eq!(shop.json("/orders/").await.as_array().map(Vec::len), Some(2));
    })
    .await;
}

#[tokio::test]
async fn stock_is_changed_once_however_often_it_is_sent() {
    Shop::on_both(async |shop| {
        shop.stock_up(10).await;
        for (operation, left) in [("decrease", 7), ("increase", 10)] {
            let path = "/api/update-stock/";
            let change = |quantity: u32| {
                json!({"product_id": 1, "quantity": quantity, "operation": operation})
            };
            let first = keyed(shop, path, operation, &change(3)).await;
            let again = keyed(shop, path, operation, &change(3)).await;
            let other = keyed(shop, path, operation, &change(4)).await;

            let expected = json!({"success": true, "new_stock": left});
            assert_eq!((first.json(), first.header(REPLAYED)), (expected.clone(), None));
            assert_eq!((again.json(), again.header(REPLAYED)), (expected, Some("true")));
            assert_eq!(other.status, 422, "{}", other.text());
        }
        assert_eq!(shop.stock().await, 10);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_stock_that_was_forgotten_since_is_not_made_again() {
    let shop = Shop::start().await;
    shop.stock_up(10).await;
    let change = json!({"product_id": 1, "quantity": 3});
    keyed(&shop, "/api/update-stock/", "k", &change).await;
    let stock = shop.json("/api/inventory/").await[0]["id"].clone();
    let path = format!("/api/inventory/{stock}/");
    shop.send(&path, Request::new("DELETE", &path)).await;

    let again = keyed(&shop, "/api/update-stock/", "k", &change).await;

    assert_eq!((again.status, again.header(REPLAYED)), (200, Some("true")), "{}", again.text());
    assert_eq!(again.json(), json!({"success": true, "new_stock": 0}));
}

#[tokio::test]
async fn a_key_whose_order_was_deleted_places_no_other() {
    let shop = Shop::start().await;
    shop.stock_up(10).await;
    keyed(&shop, "/orders/", "k", &order(1)).await;
    shop.send("/orders/1/", Request::new("DELETE", "/orders/1/")).await;

    let again = keyed(&shop, "/orders/", "k", &order(1)).await;

    assert_eq!((again.status, again.header("retry-after")), (409, None), "{}", again.text());
    assert!(again.json()["error"].as_str().unwrap().contains("deleted"), "{}", again.text());
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_nothing_done() {
    let shop = Shop::start().await;
    shop.stock_up(10).await;
    let update = json!({"product_id": 1, "quantity": 3});
    for (path, body) in
        [("/orders/", order(1)), ("/api/orders/", order(1)), ("/api/update-stock/", update)]
    {
        for key in ["", "  ", &"x".repeat(256), "Blåbær"] {
            let refused = keyed(&shop, path, key, &body).await;
            assert_eq!(refused.status, 400, "{path} {key:?}: {}", refused.text());
            let error = refused.json()["error"].as_str().unwrap_or_default().to_owned();
            assert!(error.contains("Idempotency-Key"), "{path} {key:?}: {error}");
        }
        let longest = keyed(&shop, path, &"x".repeat(255), &body).await;
        assert!(longest.status < 300, "{path}: {}", longest.text());
    }
    // Both systems' routes place the same orders: with one key, one.
    assert_eq!(shop.stock().await, 6);
    // Nobody else looks at it.
    let users = Request::new("GET", "/users/").header("Idempotency-Key", "");
    assert_eq!(shop.send("/users/", users).await.status, 200);
}

#[tokio::test]
async fn pages_of_other_sites_may_use_keys() {
    let shop = Shop::start().await;
    let ask = |headers: &str| {
        Request::new("OPTIONS", "/orders/")
            .header("Origin", "http://shop.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", headers)
    };
    for (asked, allowed) in [("content-type", false), ("content-type, Idempotency-Key", true)] {
        let answer = shop.send("/orders/", ask(asked)).await;
        let list = answer.header("access-control-allow-headers").unwrap().to_owned();
        assert_eq!(list.contains("idempotency-key"), allowed, "{list}");
        assert!(list.contains("content-type"), "{list}");
    }
    let get = Request::new("GET", "/orders/").header("Origin", "http://shop.example");
    let exposed = "access-control-expose-headers";
    assert_eq!(shop.send("/orders/", get.clone()).await.header(exposed), None);
    let keyed = shop.send("/orders/", get.header("Idempotency-Key", "k")).await;
    assert_eq!(keyed.header(exposed), Some("idempotent-replayed, retry-after"));
}
