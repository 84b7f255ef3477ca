//! How many SQL statements an operation costs. Whatever it is, it does not grow with the data.

use crate::shop::{Shop, order_input};
use e2e::on_both_databases;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testing::Database;

/// Most statements of placing an order, in all databases together.
const PLACING: u64 = 12;
/// How often a cost is measured. Background tasks send a statement now and then: they can only
/// make a measurement greater, so the smallest is the operation's own.
const MEASUREMENTS: usize = 20;
const PRODUCTS: usize = 60;
/// Asks for nothing that has to be read again.
const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status total { amount } } userErrors { code field message } } }";

type Cost = BTreeMap<String, u64>;

/// What one execution of `operation` costs each subgraph, or something more.
async fn cost(shop: &Shop, operation: &str, variables: Value) -> (Cost, Value) {
    let before = shop.statements().await;
    let data = shop.data(operation, variables).await;
    let after = shop.statements().await;
    let cost = after.into_iter().map(|(subgraph, count)| {
        let cost = count - before[&subgraph];
        (subgraph, cost)
    });
    (cost.collect(), data)
}

fn smaller(one: Cost, other: &Cost) -> Cost {
    one.into_iter()
        .map(|(subgraph, cost)| {
            let smallest = cost.min(other[&subgraph]);
            (subgraph, smallest)
        })
        .collect()
}

/// A shop with products on shelves, in stock, and a few users who ordered.
async fn busy_shop(database: &Database) -> (Shop, Vec<String>) {
    let shop = Shop::on(database).await;
    let mut products = Vec::new();
    for shelf in 0..3 {
        shop.category(&format!("Shelf {shelf}")).await;
    }
    for number in 0..PRODUCTS {
        let product = shop.product(&format!("Mug {number}"), "5.00", 100_000).await;
        let shelve = "mutation ($id: ID!, $shelf: ID!) {
            updateProduct(id: $id, input: { categoryId: $shelf }) { userErrors { code } } }";
        let shelf = (number % 3 + 1).to_string();
        shop.change(shelve, json!({ "id": product, "shelf": shelf })).await;
        products.push(product);
    }
    (shop, products)
}

fn lines(products: &[String]) -> Vec<(&str, i64)> {
    products.iter().map(|product| (product.as_str(), 1)).collect()
}

on_both_databases! {
    async fn a_hundred_orders_cost_as_many_statements_as_ten(database: &Database) {
        let (shop, products) = busy_shop(database).await;
        let mut users = Vec::new();
        for number in 0..4 {
            users.push(shop.user(&format!("user{number}")).await);
        }
        for (number, user) in users.iter().enumerate() {
            let wanted: Vec<_> = (0..=number * 3).map(|n| products[n * 5].clone()).collect();
            shop.orders(25, user, &lines(&wanted)).await;
        }
        let list = "query ($first: Int) { orders(first: $first) { totalCount nodes {
            user { username profile { phone } orders(first: 2) { totalCount } }
            events { status }
            lines { product { name category { name products(first: 1) { totalCount } }
                availableQuantity stockItem { onHand movements(first: 1) { totalCount } } } }
        } } }";

        let (mut ten, data) = cost(&shop, list, json!({ "first": 10 })).await;
        assert_eq!(data["orders"]["nodes"].as_array().unwrap().len(), 10);
        let (mut hundred, data) = cost(&shop, list, json!({ "first": 100 })).await;
        let nodes = data["orders"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 100);
        assert_eq!(nodes[99]["lines"][0]["product"]["stockItem"]["onHand"], 100_000);
        for _ in 0..MEASUREMENTS {
            if ten == hundred {
                break;
            }
            ten = smaller(ten, &cost(&shop, list, json!({ "first": 10 })).await.0);
            hundred = smaller(hundred, &cost(&shop, list, json!({ "first": 100 })).await.0);
        }

        assert_eq!(ten, hundred);
        assert!(ten.values().all(|cost| *cost > 0), "every subgraph was asked: {ten:?}");
    }

    async fn placing_an_order_costs_few_statements_however_many_lines_it_has(
        database: &Database
    ) {
        let (shop, products) = busy_shop(database).await;
        let user = shop.user("ann").await;
        for count in [1, 50] {
            for keyed in [false, true] {
                let mut smallest: Option<Cost> = None;
                for attempt in 0..MEASUREMENTS {
                    let key = keyed.then(|| format!("{count} lines, attempt {attempt}"));
                    let wanted = lines(&products[..count]);
                    let input = order_input(&user, &wanted, json!({ "idempotencyKey": key }));
                    let (cost, data) = cost(&shop, PLACE, json!({ "input": input })).await;
                    assert_eq!(data["placeOrder"]["userErrors"], json!([]));
                    let cost = smallest.take().map_or(cost.clone(), |known| smaller(known, &cost));
                    let total: u64 = cost.values().sum();
                    smallest = Some(cost);
                    if total <= PLACING {
                        break;
                    }
                }
                let smallest = smallest.unwrap_or_default();
                let total: u64 = smallest.values().sum();
                assert!(total <= PLACING, "{count} lines, key: {keyed}: {total} {smallest:?}");
            }
        }
    }
}
