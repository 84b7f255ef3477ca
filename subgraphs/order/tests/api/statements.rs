//! The cost of things in SQL statements: it does not grow with the number of rows.

use crate::shop::{Shop, data};
use chassis::db::Location;
use serde_json::json;
use testing::both_databases;

/// Statements that placing an order may cost, in all databases together.
const BUDGET: u64 = 12;

both_databases! {
    async fn placing_an_order_costs_at_most_twelve_statements(location: Location) {
        let shop = Shop::open(&location, &["1.00"; 50], 1_000).await;
        let fifty: Vec<(i64, i64)> = (1..=50).map(|product| (product, 1)).collect();
        for (lines, key) in [
            (&fifty[..1], None),
            (&fifty[..], None),
            (&fifty[..1], Some("one")),
            (&fifty[..], Some("fifty")),
        ] {
            let before = shop.statements();
            let place = "mutation ($input: PlaceOrderInput!) {
                placeOrder(input: $input) { order { id } userErrors { code } } }";
            let input = json!({ "input": crate::shop::input(lines, key) });
            let placed = data(&shop.order, place, input).await;
            assert!(!placed["placeOrder"]["order"].is_null(), "{placed:#}");
            let cost = shop.statements() - before;
            assert!(cost <= BUDGET, "{} lines, key {key:?}: {cost} statements", lines.len());
        }
    }

    async fn a_list_costs_the_same_whatever_its_length(location: Location) {
        let shop = Shop::open(&location, &["1.00", "2.00"], 1_000).await;
        for _ in 0..30 {
            shop.place(&[(1, 1), (2, 2)], None).await;
        }
        let mut costs = Vec::new();
        for first in [2, 30] {
            let query = "query ($first: Int) { orders(first: $first) { totalCount nodes {
                lines { productName } events { status }
                user { orders(first: 3) { totalCount nodes { lines { quantity } } } } } } }";
            let before = shop.statements();
            let orders = data(&shop.order, query, json!({ "first": first })).await;
            assert_eq!(orders["orders"]["nodes"].as_array().unwrap().len(), first);
            costs.push(shop.statements() - before);
        }
        assert_eq!(costs[0], costs[1], "2 orders and 30 orders");
    }
}
