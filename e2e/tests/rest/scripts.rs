//! What the two scripts of the first system rely on.

use crate::shop::Shop;
use e2e::http::Answer;
use serde_json::{Value, json};

const SAMPLE: &str = include_str!("../../../agora/src/sample-data.json");

#[tokio::test]
async fn polling_the_admin_page_is_redirected_to_a_page_that_is_there() {
    let shop = Shop::start().await;
    for service in ["user", "product", "inventory", "order"] {
        let base = shop.agora.rest_url(service).trim_end_matches('/');
        let answer = e2e::http::Request::new("GET", "/admin/").send(base).await.unwrap();
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("location"), Some(shop.agora.graphiql_url()));
        // As the scripts' client does, which follows.
        let page = shop.agora.client().get(format!("{base}/admin/")).send().await.unwrap();
        assert_eq!(page.status(), 200);
    }
}

#[tokio::test]
async fn the_sample_data_script_fills_an_empty_shop_and_runs_again() {
    let shop = Shop::start().await;
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();

    let first = load(&shop, &sample).await;

    assert_eq!(statuses(&first), [201; 12]);
    let orders: Vec<Value> = first[10..].iter().map(Answer::json).collect();
    assert_eq!(orders[0]["total_amount"], "1059.97");
    assert_eq!(orders[1]["total_amount"], "959.96");
    assert_eq!(orders[0]["user_info"]["user"]["username"], "john_doe");

    let second = load(&shop, &sample).await;

    assert_eq!(statuses(&second), [400, 400, 400, 400, 400, 201, 201, 201, 201, 201, 201, 201]);
    assert_eq!(shop.json("/users/").await.as_array().map(Vec::len), Some(2));
    assert_eq!(shop.json("/products/").await.as_array().map(Vec::len), Some(10));
    assert_eq!(shop.json("/orders/").await.as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn the_flow_script_orders_of_the_first_two_products_of_the_list() {
    let shop = Shop::start().await;
    load(&shop, &serde_json::from_str(SAMPLE).unwrap()).await;
    let user = shop.json("/users/").await[0]["id"].clone();
    let products = shop.json("/products/").await;
    assert_eq!(products[0]["name"], "T-Shirt");
    let item = |index: usize, quantity: u32| {
        json!({
            "product_id": products[index]["id"], "quantity": quantity,
            "price": products[index]["price"],
        })
    };
    let order = json!({
        "user_id": user, "shipping_address": "Elm Street", "items": [item(0, 1), item(1, 2)],
    });

    let placed = shop.posted("/orders/", &order, 201).await;

    assert_eq!(placed["total_amount"], "79.97");
    let names: Vec<&Value> =
        placed["items"].as_array().unwrap().iter().map(|item| &item["product_name"]).collect();
    assert_eq!(names, ["T-Shirt", "Python Programming Book"]);
    let after = shop.json("/products/").await;
    for (index, quantity) in [(0, 1), (1, 2)] {
        let stock = |list: &Value| list[index]["stock_quantity"].as_i64().unwrap();
        assert_eq!(stock(&after), stock(&products) - quantity);
    }
    let orders = shop.json("/orders/").await;
    let total = |order: &Value| order["total_amount"].as_str().unwrap().parse::<f64>().unwrap();
    assert_eq!(orders.as_array().unwrap().iter().map(total).fold(0.0, f64::max), 1059.97);
}

/// What the sample-data script sends, in its order.
async fn load(shop: &Shop, sample: &Value) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (kind, path) in [
        ("users", "/users/"),
        ("categories", "/categories/"),
        ("products", "/products/"),
        ("orders", "/orders/"),
    ] {
        for entry in sample[kind].as_array().unwrap() {
            let mut entry = entry.clone();
            for item in entry["items"].as_array_mut().into_iter().flatten() {
                // The script names a price; what it names does not matter.
                item["price"] = "1.00".into();
            }
            answers.push(shop.post(path, &entry).await);
        }
    }
    answers
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}
