//! What is deleted from the catalogue ends in the inventory, at once or when it responds.

use crate::catalogue::{Catalogue, DELETE, DELETE_CATEGORY, id};
use async_graphql::{Request, Variables};
use chassis::Peer;
use chassis::db::Location;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, wait_for};
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(30);
const SET: &str = "mutation($id: ID!) { setStock(input: { productId: $id, onHand: 5 }) {
    userErrors { code } } }";

/// Asks the inventory.
async fn ask(catalogue: &Catalogue, document: &str, variables: Value) -> Value {
    let request = Request::new(document).variables(Variables::from_json(variables));
    let answer = catalogue.inventory.execute(request).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    serde_json::to_value(answer.data).unwrap()
}

async fn stocked(catalogue: &Catalogue, category: Option<&str>) -> String {
    let product = id(&catalogue.product(json!({ "categoryId": category })).await);
    ask(catalogue, SET, json!({ "id": product })).await;
    product
}

/// The ids of the products that have stock.
async fn in_stock(catalogue: &Catalogue) -> Vec<String> {
    let items =
        ask(catalogue, "{ stockItems(first: 100) { nodes { productId } } }", json!({})).await;
    let nodes = items["stockItems"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["productId"].as_str().unwrap().to_owned()).collect()
}

async fn entries(catalogue: &Catalogue) -> i64 {
    let (count,): (i64,) =
        catalogue.db.query("select count(*) from outbox_entry").fetch_one().await.unwrap();
    count
}

both_databases! {
    async fn a_deleted_product_has_no_stock_when_the_client_is_answered(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let deleted = stocked(&catalogue, None).await;
        let kept = stocked(&catalogue, None).await;

        let payload = catalogue.payload(DELETE, json!({ "id": deleted })).await;
        assert_eq!(payload["deletedProductId"], json!(deleted));
        assert_eq!(in_stock(&catalogue).await, [kept]);
        assert_eq!(entries(&catalogue).await, 0);

        let again = catalogue.payload(DELETE, json!({ "id": deleted })).await;
        assert_eq!(again["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!(entries(&catalogue).await, 0);
    }

    async fn a_deleted_category_ends_the_stock_of_each_of_its_products(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let category = catalogue.category("Mugs").await;
        for _ in 0..105 {
            catalogue.product(json!({ "categoryId": category })).await;
        }
        let first = stocked(&catalogue, Some(&category)).await;
        let other = stocked(&catalogue, None).await;

        let payload = catalogue.payload(DELETE_CATEGORY, json!({ "id": category })).await;
        assert_eq!(payload["deletedCategoryId"], json!(category));
        // More than one delivery takes: the worker delivers the rest.
        assert_eq!(entries(&catalogue).await, 6);
        let stopping = CancellationToken::new();
        let working = tokio::spawn(product::work(Arc::clone(&catalogue.state), stopping.clone()));
        let ended = || async { in_stock(&catalogue).await.iter().all(|id| *id != first).then_some(()) };
        wait_for(DEADLINE, ended).await;
        stopping.cancel();
        working.await.unwrap();
        assert_eq!(entries(&catalogue).await, 0);
        assert_eq!(in_stock(&catalogue).await, [other]);
        let refused = ask(&catalogue, SET, json!({ "id": first })).await;
        assert_eq!(refused["setStock"]["userErrors"][0]["code"], "NOT_FOUND");
    }

    async fn an_inventory_that_is_unavailable_learns_it_later(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let deleted = stocked(&catalogue, None).await;
        let nowhere = "http://127.0.0.1:1/graphql".parse().unwrap();
        let nowhere = Peer::remote("inventory", nowhere, None).unwrap();
        let alone = catalogue.with_inventory(nowhere);

        let payload = alone.payload(DELETE, json!({ "id": deleted })).await;
        assert_eq!(payload["userErrors"], json!([]), "the product is deleted nevertheless");
        assert_eq!(entries(&alone).await, 1);
        assert_eq!(in_stock(&catalogue).await, [deleted]);

        catalogue.clock.advance(chrono::TimeDelta::seconds(6));
        let stopping = CancellationToken::new();
        let working = tokio::spawn(product::work(Arc::clone(&catalogue.state), stopping.clone()));
        let delivered = || async { (entries(&catalogue).await == 0).then_some(()) };
        wait_for(DEADLINE, delivered).await;
        stopping.cancel();
        working.await.unwrap();
        assert!(in_stock(&catalogue).await.is_empty());
    }
}
