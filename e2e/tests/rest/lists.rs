//! Lists have no pages, however long they get.

use crate::shop::{Shop, mug};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

/// Three pages of what the graph answers at once.
const PRODUCTS: usize = 300;
/// Clients that create them.
const CLIENTS: usize = 8;

#[tokio::test]
async fn three_hundred_products_come_newest_first_whole_and_as_a_stream() {
    let shop = Shop::start().await;
    shop.posted("/categories/", &json!({"name": "Kitchen"}), 201).await;
    let creations = (0..PRODUCTS).map(|number| {
        let mut product = mug(0);
        product["name"] = format!("Mug {number}").into();
        let shop = &shop;
        async move { shop.posted("/products/", &product, 201).await }
    });
    let created: Vec<Value> = stream::iter(creations).buffer_unordered(CLIENTS).collect().await;

    let answer = shop.get("/products/").await;

    // Who announces a length has the whole list in memory.
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    let products = answer.json();
    let ids: Vec<i64> = ids(&products);
    let newest_first: Vec<i64> = (1..=i64::try_from(PRODUCTS).unwrap()).rev().collect();
    assert_eq!(ids, newest_first);
    for product in &created {
        let listed = products.as_array().unwrap().iter().find(|other| other["id"] == product["id"]);
        assert_eq!(listed.map(|listed| &listed["name"]), Some(&product["name"]));
    }
    let found = shop.json("/products/?search=mug+29").await;
    assert_eq!(self::ids(&found).len(), 11, "29 and 290 to 299");
}

#[tokio::test]
async fn empty_lists_are_empty_arrays() {
    let shop = Shop::start().await;
    let paths = ["/users/", "/categories/", "/products/", "/orders/", "/orders/?user_id=1"];
    let second = ["/api/users/", "/api/products/", "/api/inventory/", "/api/orders/"];
    for path in paths.into_iter().chain(second) {
        assert_eq!(shop.json(path).await, json!([]), "{path}");
    }
}

fn ids(list: &Value) -> Vec<i64> {
    let list = list.as_array().unwrap();
    list.iter().map(|entry| entry["id"].as_i64().unwrap()).collect()
}
