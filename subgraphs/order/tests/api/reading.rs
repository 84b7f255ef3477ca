//! Lists, entities, subscriptions.

use crate::shop::{Shop, ask, data};
use async_graphql::Request;
use chassis::db::Location;
use futures::StreamExt;
use serde_json::json;
use testing::both_databases;

both_databases! {
    async fn orders_are_listed_newest_first_and_filtered(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        for _ in 0..3 {
            shop.place(&[(1, 1)], None).await;
        }
        shop.change("cancelOrder(id: 2)").await;
        let ids = async |query: &str| {
            let data = data(&shop.order, query, json!({})).await;
            let nodes = data["orders"]["nodes"].as_array().unwrap().clone();
            nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };

        assert_eq!(ids("{ orders { nodes { id } } }").await, ["3", "2", "1"]);
        assert_eq!(ids("{ orders(last: 2) { nodes { id } } }").await, ["2", "1"]);
        assert_eq!(ids("{ orders(filter: {status: CANCELLED}) { nodes { id } } }").await, ["2"]);
        assert_eq!(ids("{ orders(filter: {userId: 1}) { nodes { id } } }").await.len(), 3);
        assert!(ids("{ orders(filter: {userId: 2}) { nodes { id } } }").await.is_empty());
    }

    async fn entities_come_in_the_order_asked_for_with_nulls_in_place(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 1)], None).await;
        shop.place(&[(1, 1)], None).await;
        let of = |id: &str| json!({ "__typename": "Order", "id": id });
        let query = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { id } } }";

        let before = shop.statements();
        let representations = json!({ "of": [of("2"), of("99"), of("x"), of("1"), of("2")] });
        let found = data(&shop.order, query, representations).await;

        let id = |id: &str| json!({ "id": id });
        assert_eq!(found["_entities"], json!([id("2"), null, null, id("1"), id("2")]));
        assert_eq!(shop.statements() - before, 1);
    }

    async fn each_of_many_users_has_a_page_and_a_count_of_its_own(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        for _ in 0..3 {
            shop.place(&[(1, 1)], None).await;
        }
        // More users than one statement serves; only the first has orders.
        let users: Vec<_> =
            (1..=300).map(|id| json!({ "__typename": "User", "id": id.to_string() })).collect();
        let query = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
            orders(first: 2) { totalCount totalCountIsExact nodes { id } pageInfo { hasNextPage }
        } } } }";

        let before = shop.statements();
        let found = data(&shop.order, query, json!({ "of": users })).await;

        assert_eq!(shop.statements() - before, 4);
        let found = found["_entities"].as_array().unwrap();
        assert_eq!(found[0]["orders"], json!({ "totalCount": 3, "totalCountIsExact": true,
            "nodes": [{ "id": "3" }, { "id": "2" }], "pageInfo": { "hasNextPage": true } }));
        let none = json!({ "totalCount": 0, "totalCountIsExact": true, "nodes": [],
            "pageInfo": { "hasNextPage": false } });
        assert_eq!(found.len(), 300);
        assert!(found[1..].iter().all(|user| user["orders"] == none));
    }

    async fn every_change_of_status_is_told_in_order(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 1)], None).await;
        let watch = "subscription { orderStatusChanged(id: 1) { status } }";
        let mut changes = shop.order.subscribe(Request::new(watch));
        // The stream begins to listen when it is first asked.
        let told = tokio::spawn(async move {
            let mut told = Vec::new();
            while told.len() < 3 {
                let response = changes.next().await.unwrap();
                told.push(response.data.into_json().unwrap()["orderStatusChanged"]["status"].clone());
            }
            told
        });
        let watching = shop.statements();
        testing::wait_until(std::time::Duration::from_secs(10), async || {
            shop.statements() > watching
        })
        .await;

        for status in ["CONFIRMED", "SHIPPED", "CANCELLED"] {
            shop.change(&format!("transitionOrder(id: 1, to: {status})")).await;
        }

        assert_eq!(told.await.unwrap(), ["CONFIRMED", "SHIPPED", "CANCELLED"]);
        let unknown = "subscription { orderStatusChanged(id: 9) { status } }";
        let refused = shop.order.subscribe(Request::new(unknown)).next().await.unwrap();
        let refused = serde_json::to_value(refused).unwrap();
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }

    async fn a_wrong_id_or_page_is_a_clear_error(location: Location) {
        let shop = Shop::open(&location, &[], 0).await;
        for query in [
            "{ order(id: \"x\") { id } }",
            "{ orders(first: 0) { nodes { id } } }",
            "{ orders(first: 101) { nodes { id } } }",
            "{ orders(first: 1, last: 1) { nodes { id } } }",
            "{ orders(after: \"WyJ1c2VycyIsMV0\") { nodes { id } } }",
            "{ orders(filter: {userId: \"0\"}) { nodes { id } } }",
        ] {
            let answer = ask(&shop.order, query, json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{query}");
        }
    }
}
