//! endStock: the stock of products that were deleted.

use crate::warehouse::{Warehouse, codes, id, status};
use chassis::db::Location;
use futures::future::join_all;
use serde_json::{Value, json};
use testing::both_databases;

const END: &str = "mutation($ids: [ID!]!) {
    endStock(productIds: $ids) { endedProductIds userErrors { code field message } }
}";

async fn end(warehouse: &Warehouse, ids: Value) -> Value {
    warehouse.data(END, json!({ "ids": ids })).await["endStock"].take()
}

async fn available(warehouse: &Warehouse, product: i64) -> i64 {
    let (on_hand, reserved) = warehouse.counters(product).await;
    on_hand - reserved
}

both_databases! {
    async fn ended_stock_has_no_units_and_takes_none(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 5).await;

        for _ in 0..2 {
            let ended = end(&warehouse, json!(["3", "1", "1"])).await;
            assert_eq!(ended, json!({ "endedProductIds": ["1", "3"], "userErrors": [] }));
            let items = warehouse.data("{ stockItems { nodes { productId onHand } } }", json!({})).await;
            let other = json!([{ "productId": "2", "onHand": 5 }]);
            assert_eq!(items["stockItems"]["nodes"], other);
        }
        for product in ["1", "3"] {
            let set = warehouse.set(json!({ "productId": product, "onHand": 1 })).await;
            let adjusted = warehouse.adjust(json!({ "productId": product, "delta": 1 })).await;
            for payload in [set, adjusted] {
                let message = format!("product {product} does not exist");
                let error = json!({ "code": "NOT_FOUND", "field": ["productId"], "message": message });
                assert_eq!(payload, json!({ "stockItem": null, "userErrors": [error] }));
            }
        }
        let reserved = warehouse.reserve(&id(1), &[(2, 1), (1, 1)]).await;
        assert_eq!(codes(&reserved), ["INSUFFICIENT_STOCK"]);
        assert_eq!(warehouse.movements(1).await, ["counted", "adjusted"]);
        assert_eq!(warehouse.counters(2).await, (5, 0));
        warehouse.assert_consistent().await;
    }

    async fn reserved_units_stay_until_their_reservation_is_settled(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 9).await;
        for number in 1..=3 {
            warehouse.reserve(&id(number), &[(1, 2)]).await;
        }
        warehouse.fulfil(&id(3)).await;
        end(&warehouse, json!(["1"])).await;
        assert_eq!(warehouse.counters(1).await, (4, 4));

        assert_eq!(status(&warehouse.release(&id(3)).await), "RELEASED");
        assert_eq!(warehouse.counters(1).await, (4, 4), "goods that come back are removed");
        assert_eq!(status(&warehouse.fulfil(&id(1)).await), "FULFILLED");
        assert_eq!(warehouse.counters(1).await, (2, 2));
        assert_eq!(status(&warehouse.release(&id(2)).await), "RELEASED");
        let items = warehouse.data("{ stockItems { nodes { id } } }", json!({})).await;
        assert_eq!(items["stockItems"]["nodes"], json!([]), "the last unit takes the item with it");
        assert_eq!(status(&warehouse.release(&id(1)).await), "RELEASED");
        assert_eq!(warehouse.counters(1).await, (0, 0));
        warehouse.assert_consistent().await;
    }

    async fn what_is_not_valid_ends_nothing(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        let wrong = end(&warehouse, json!(["1", "x", "-1"])).await;
        assert_eq!(codes(&wrong), ["INVALID", "INVALID"]);
        assert_eq!(wrong["userErrors"][0]["field"], json!(["productIds", "1"]));
        let many = end(&warehouse, json!(vec!["1"; 101])).await;
        assert_eq!(codes(&many), ["TOO_LONG"]);
        assert_eq!(many["endedProductIds"], Value::Null);
        let none = end(&warehouse, json!([])).await;
        assert_eq!(none, json!({ "endedProductIds": [], "userErrors": [] }));
        assert_eq!(warehouse.counters(1).await, (5, 0));
    }

    async fn nothing_is_available_whoever_sets_stock_at_the_same_time(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        for product in 1..=20 {
            let writes = join_all((0..6).map(|n| async move {
                let product = product.to_string();
                match n {
                    0 => warehouse.set(json!({ "productId": product, "onHand": 7 })).await,
                    1 | 2 => warehouse.adjust(json!({ "productId": product, "delta": 3 })).await,
                    3 => end(warehouse, json!([product])).await,
                    n => {
                        let reservation = id(usize::try_from(n).unwrap() * 1_000 + product.parse::<usize>().unwrap());
                        warehouse.reserve(&reservation, &[(product.parse().unwrap(), 1)]).await
                    }
                }
            }));
            let known = ["NOT_FOUND", "INSUFFICIENT_STOCK"];
            for payload in writes.await {
                assert!(codes(&payload).iter().all(|code| known.contains(code)), "{payload}");
            }
            assert_eq!(available(warehouse, product).await, 0, "product {product}");
        }
        warehouse.assert_consistent().await;
    }
}
