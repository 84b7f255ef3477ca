//! adjustStock.

use crate::warehouse::{Warehouse, codes, id};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

fn delta(delta: i64) -> Value {
    json!({ "productId": "7", "delta": delta })
}

both_databases! {
    async fn units_are_added_and_taken(location: Location) {
        let warehouse = Warehouse::open(&location).await;

        let added = warehouse.adjust(delta(5)).await;
        let taken = warehouse.adjust(delta(-2)).await;
        let looked = warehouse.adjust(delta(0)).await;

        assert_eq!(added["stockItem"]["onHand"], 5);
        assert_eq!(taken["stockItem"]["onHand"], 3);
        assert_eq!(looked["stockItem"], taken["stockItem"]);
        assert_eq!(warehouse.counters(7).await, (3, 0));
        warehouse.assert_consistent().await;
    }

    async fn reserved_units_cannot_be_taken(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(7, 5).await;
        warehouse.reserve(&id(1), &[(7, 4)]).await;

        let too_many = warehouse.adjust(delta(-2)).await;
        let just_enough = warehouse.adjust(delta(-1)).await;

        assert_eq!(codes(&too_many), ["INSUFFICIENT_STOCK"]);
        assert_eq!(too_many["userErrors"][0]["field"], json!(["delta"]));
        assert_eq!(just_enough["stockItem"]["available"], 0);
        warehouse.assert_consistent().await;
    }

    async fn nothing_can_be_taken_from_a_product_that_was_never_stocked(location: Location) {
        let warehouse = Warehouse::open(&location).await;

        let taken = warehouse.adjust(delta(-1)).await;

        assert_eq!(codes(&taken), ["INSUFFICIENT_STOCK"]);
        let items = warehouse.data("{ stockItems { nodes { id } } }", json!({})).await;
        assert_eq!(items["stockItems"]["nodes"], json!([]));
    }

    async fn more_units_than_can_be_counted_are_refused(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(7, 2147483647).await;

        let one_more = warehouse.adjust(delta(1)).await;
        let none_left = warehouse.adjust(delta(-2147483647)).await;

        assert_eq!(codes(&one_more), ["OUT_OF_RANGE"]);
        assert_eq!(none_left["stockItem"]["onHand"], 0);
        warehouse.assert_consistent().await;
    }

    async fn a_key_never_counts_twice(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        let keyed = |units: i64, reference: Option<&str>| {
            let mut input = delta(units);
            input["reference"] = json!(reference);
            input["idempotencyKey"] = json!("note 1");
            input
        };

        let first = warehouse.adjust(keyed(5, None)).await;
        let again = warehouse.adjust(keyed(5, None)).await;
        assert_eq!(again, first);

        for other in [keyed(6, None), keyed(5, Some("note"))] {
            let refused = warehouse.adjust(other).await;
            assert_eq!(codes(&refused), ["IDEMPOTENCY_CONFLICT"]);
            assert_eq!(refused["userErrors"][0]["field"], json!(["idempotencyKey"]));
        }
        assert_eq!(warehouse.counters(7).await, (5, 0));
        warehouse.assert_consistent().await;
    }

    async fn a_key_of_a_refused_adjustment_can_be_used_again(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        let take = json!({ "productId": "7", "delta": -3, "idempotencyKey": "k" });

        assert_eq!(codes(&warehouse.adjust(take.clone()).await), ["INSUFFICIENT_STOCK"]);
        warehouse.stock(7, 3).await;
        let taken = warehouse.adjust(take).await;

        assert_eq!(taken["stockItem"]["onHand"], 0);
        warehouse.assert_consistent().await;
    }
}
