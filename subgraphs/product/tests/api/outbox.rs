//! What is deleted from the catalogue ends in the inventory, at once or when it responds.

use crate::catalogue::{
    CREATE, Catalogue, DELETE, DELETE_CATEGORY, UPDATE, UPDATE_CATEGORY, faults, id, mug,
};
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
    async fn a_large_category_is_gone_at_once_and_its_products_in_batches(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let category = catalogue.category("Mugs").await;
        let first = stocked(&catalogue, Some(&category)).await;
        let insert = catalogue.db.write(|tx| Box::pin(async {
            let sql = "with recursive number (n) as (
                           select 1 union all select n + 1 from number where n < 2500)
                       insert into product (name, description, price, category_id, active,
                                            created_at, updated_at)
                       select 'Mug', 'plain', 100, 1, true,
                              '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z' from number";
            tx.query(sql).execute().await
        }));
        insert.await.unwrap();
        let count = async || {
            let count = "{ products { totalCount } categories { totalCount } category(id: 1) { id } }";
            catalogue.data(count, json!({})).await
        };

        let payload = catalogue.payload(DELETE_CATEGORY, json!({ "id": category })).await;
        assert_eq!(payload["deletedCategoryId"], json!(category));
        // The category is gone, its products are not yet, and nothing can be done with it any more.
        let rest = count().await;
        assert_eq!((&rest["categories"]["totalCount"], &rest["category"]), (&json!(0), &Value::Null));
        assert_eq!(rest["products"]["totalCount"], 1501);
        let orphan = "{ products(first: 1) { nodes { category { id } } } }";
        let orphan = catalogue.data(orphan, json!({})).await;
        assert_eq!(orphan["products"]["nodes"][0]["category"], Value::Null);
        let again = catalogue.payload(DELETE_CATEGORY, json!({ "id": category })).await;
        assert_eq!(faults(&again), [("NOT_FOUND", "id".to_owned())]);
        let renamed = json!({ "id": category, "input": { "name": "Cups" } });
        let renamed = catalogue.payload(UPDATE_CATEGORY, renamed).await;
        assert_eq!(faults(&renamed), [("NOT_FOUND", "id".to_owned())]);
        let added = json!({ "input": mug(json!({ "categoryId": category })) });
        let added = catalogue.payload(CREATE, added).await;
        assert_eq!(faults(&added), [("NOT_FOUND", "categoryId".to_owned())]);
        let other = id(&catalogue.product(json!({})).await);
        let moved = json!({ "id": other, "input": { "categoryId": category } });
        let moved = catalogue.payload(UPDATE, moved).await;
        assert_eq!(faults(&moved), [("NOT_FOUND", "categoryId".to_owned())]);
        assert_eq!(catalogue.category("Mugs").await, "2");

        let stopping = CancellationToken::new();
        let working = tokio::spawn(product::work(Arc::clone(&catalogue.state), stopping.clone()));
        let deleted = async || {
            let rows = "select count(*) from category where category_id = 1";
            let (rows,): (i64,) = catalogue.db.query(rows).fetch_one().await.unwrap();
            (rows == 0 && entries(&catalogue).await == 0).then_some(())
        };
        wait_for(DEADLINE, deleted).await;
        stopping.cancel();
        working.await.unwrap();
        assert_eq!(count().await["products"]["totalCount"], 1);
        assert!(in_stock(&catalogue).await.iter().all(|id| *id != first));
    }
}
