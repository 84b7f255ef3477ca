//! The second documented system: a flow over four services, and its two promises about errors.

use crate::shop::Shop;
use e2e::http::Request;
use serde_json::{Value, json};

#[tokio::test]
async fn its_sample_flow_works() {
    let shop = Shop::start().await;
    let user = json!({"username": "ann", "password": "secret", "email": "ann@example.com"});
    let user = shop.posted("/api/users/", &user, 201).await;
    let product = json!({"name": "Laptop", "description": "A computer", "price": "1200.00"});
    let product = shop.posted("/api/products/", &product, 201).await;
    let stock = json!({"product_id": product["id"], "quantity": 10});
    let stock = shop.posted("/api/inventory/", &stock, 201).await;
    assert_eq!((&stock["available"], &stock["reserved"]), (&json!(10), &json!(0)));

    let order = json!({"user_id": user["id"], "product_id": product["id"], "quantity": 3});
    let order = shop.posted("/api/orders/", &order, 201).await;

    assert_eq!(order["total_amount"], "3600.00");
    let path = format!("/api/inventory/{}/", stock["id"]);
    let left = shop.json(&path).await;
    assert_eq!((&left["product_id"], &left["available"]), (&product["id"], &json!(7)));
    // "Inventory reduced": what can still be sold, beside what is in the warehouse.
    let figures = ["quantity", "on_hand", "reserved"].map(|figure| left[figure].clone());
    assert_eq!(figures, [json!(7), json!(10), json!(3)]);
    let mut members: Vec<&String> = left.as_object().unwrap().keys().collect();
    members.sort_unstable();
    let expected =
        ["available", "id", "on_hand", "product_id", "quantity", "reserved", "updated_at"];
    assert_eq!(members, expected);
}

#[tokio::test]
async fn stock_that_is_there_already_is_counted_anew() {
    let shop = Shop::start().await;
    shop.stock_up(0).await;
    let count = |quantity: u32| json!({"product_id": 1, "quantity": quantity});
    shop.post("/api/inventory/", &count(5)).await;
    let again = shop.posted("/api/inventory/", &count(9), 200).await;
    assert_eq!((&again["quantity"], &again["available"]), (&json!(9), &json!(9)));
    assert_eq!(shop.stock().await, 9);
}

#[tokio::test]
async fn a_quantity_that_is_written_is_what_can_be_sold_beside_what_is_reserved() {
    let shop = Shop::start().await;
    shop.stock_up(5).await;
    shop.posted("/orders/", &super::shop::order(2), 201).await;
    let stock = shop.json("/api/inventory/").await[0].clone();
    assert_eq!(stock["quantity"], 3, "{stock}");
    let path = format!("/api/inventory/{}/", stock["id"]);
    for (method, quantity) in [("PUT", 0), ("PATCH", 8)] {
        let change = Request::new(method, &path).json(&json!({"quantity": quantity}));
        let changed = shop.send(&path, change).await.json();
        let figures = ["quantity", "on_hand", "reserved"].map(|figure| changed[figure].clone());
        assert_eq!(figures, [json!(quantity), json!(quantity + 2), json!(2)], "{method}");
        assert_eq!(shop.json(&path).await, changed);
    }
    let again = json!({"product_id": 1, "quantity": 4});
    let again = shop.posted("/api/inventory/", &again, 200).await;
    assert_eq!((&again["quantity"], &again["on_hand"]), (&json!(4), &json!(6)));
}

#[tokio::test]
async fn errors_say_which_product_is_missing_or_short() {
    let shop = Shop::start().await;
    shop.stock_up(2).await;
    let order = |product: u32, quantity: u32| {
        json!({
            "user_id": 1, "product_id": product, "quantity": quantity, "shipping_address": "A",
        })
    };
    let unknown = shop.posted("/api/orders/", &order(7, 1), 400).await;
    let short = shop.posted("/api/orders/", &order(1, 3), 400).await;
    for (answer, product) in [(&unknown, "7"), (&short, "1")] {
        assert!(answer["error"].as_str().is_some_and(|text| text.contains(product)), "{answer}");
    }
    let nowhere = json!({"product_id": 7, "quantity": 1});
    shop.posted("/api/inventory/", &nowhere, 400).await;
    assert_eq!(shop.stock().await, 2);
}

#[tokio::test]
async fn both_body_forms_of_an_order_are_taken() {
    let shop = Shop::start().await;
    shop.stock_up(10).await;
    let items = json!({
        "user_id": 1, "shipping_address": "A",
        "items": [{"product_id": 1, "quantity": 2, "price": "5.00"}],
    });
    let short = json!({"user_id": 1, "product_id": 1, "quantity": 2, "shipping_address": "A"});
    let bare = json!({"user_id": 1, "product_id": 1, "quantity": 2});
    for body in [items, short, bare] {
        let order = shop.posted("/api/orders/", &body, 201).await;
        assert_eq!(
            (&order["total_amount"], &order["status"]),
            (&json!("10.00"), &json!("pending"))
        );
    }
    assert_eq!(shop.stock().await, 4);
}

#[tokio::test]
async fn every_noun_can_be_read_changed_and_deleted() {
    let shop = Shop::start().await;
    shop.stock_up(5).await;
    shop.posted("/orders/", &super::shop::order(1), 201).await;
    let stock = shop.json("/api/inventory/").await[0]["id"].clone();
    let rows = [
        ("/api/users/1/".to_owned(), json!({"first_name": "Jo"}), "first_name"),
        ("/api/products/1/".to_owned(), json!({"price": "6.50"}), "price"),
        (format!("/api/inventory/{stock}/"), json!({"quantity": 8}), "quantity"),
        ("/api/orders/1/".to_owned(), json!({"shipping_address": "B"}), "shipping_address"),
    ];
    for (path, change, member) in rows {
        let changed = shop.send(&path, Request::new("PATCH", &path).json(&change)).await;
        assert_eq!(changed.status, 200, "{path}: {}", changed.text());
        assert_eq!(shop.json(&path).await[member], change[member]);
    }
    let paths = ["/api/orders/1/", &format!("/api/inventory/{stock}/"), "/api/products/1/"];
    for path in paths.into_iter().chain(["/api/users/1/"]) {
        assert_eq!(deleted(&shop, path).await, 204, "{path}");
        assert_eq!(deleted(&shop, path).await, 404, "{path}");
        let gone: Value = shop.get(path).await.json();
        assert_eq!(gone, json!({"detail": "Not found."}), "{path}");
    }
}

async fn deleted(shop: &Shop, path: &str) -> u16 {
    shop.send(path, Request::new("DELETE", path)).await.status
}
