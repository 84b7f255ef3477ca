//! reserveStock.

use crate::warehouse::{Warehouse, codes, id, status};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

both_databases! {
    async fn every_line_is_promised_or_none(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 1).await;

        let refused = warehouse.reserve(&id(1), &[(1, 2), (2, 2), (3, 1)]).await;
        assert_eq!(codes(&refused), ["INSUFFICIENT_STOCK", "INSUFFICIENT_STOCK"]);
        assert_eq!(refused["reservation"], Value::Null);
        assert_eq!(refused["userErrors"][0]["field"], json!(["lines", "1", "quantity"]));
        assert_eq!(refused["userErrors"][0]["message"], "product 2 has 1 units available");
        assert_eq!(refused["userErrors"][1]["field"], json!(["lines", "2", "quantity"]));
        assert_eq!(refused["userErrors"][1]["message"], "product 3 has 0 units available");
        assert_eq!(warehouse.counters(1).await, (5, 0));

        // The refusal left nothing behind: the id is still free.
        let made = warehouse.reserve(&id(1), &[(2, 1), (1, 5)]).await;
        assert_eq!(status(&made), "HELD");
        assert_eq!(warehouse.counters(1).await, (5, 5));
        assert_eq!(warehouse.counters(2).await, (1, 1));
        warehouse.assert_consistent().await;
    }

    async fn lines_of_one_product_are_added_up_before_the_check(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 5).await;

        let above = warehouse.reserve(&id(1), &[(2, 1), (1, 3), (1, 3)]).await;
        assert_eq!(codes(&above), ["INSUFFICIENT_STOCK"]);
        assert_eq!(above["userErrors"][0]["field"], json!(["lines", "1", "quantity"]));

        let equal = warehouse.reserve(&id(1), &[(2, 1), (1, 3), (1, 2)]).await;
        let lines = json!([
            { "product": { "id": "1" }, "quantity": 5 },
            { "product": { "id": "2" }, "quantity": 1 },
        ]);
        assert_eq!(equal["reservation"]["lines"], lines);
        warehouse.assert_consistent().await;
    }

    async fn a_million_units_on_a_hundred_lines_are_merely_too_many(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 99_999_999).await;
        let lines = [(1, 1_000_000); 100];

        let refused = warehouse.reserve(&id(1), &lines).await;
        assert_eq!(codes(&refused), ["INSUFFICIENT_STOCK"]);

        warehouse.stock(1, 100_000_000).await;
        assert_eq!(status(&warehouse.reserve(&id(1), &lines).await), "HELD");
        assert_eq!(warehouse.counters(1).await, (100_000_000, 100_000_000));
    }

    async fn a_repeated_request_answers_the_same_and_another_is_a_conflict(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 5).await;

        let first = warehouse.reserve(&id(1), &[(1, 2), (2, 1)]).await;
        let again = warehouse.reserve(&id(1), &[(2, 1), (1, 1), (1, 1)]).await;
        assert_eq!(again, first);

        for other in [&[(1, 2)][..], &[(1, 2), (2, 2)], &[(1, 2), (2, 1), (3, 1)]] {
            let refused = warehouse.reserve(&id(1), other).await;
            assert_eq!(codes(&refused), ["IDEMPOTENCY_CONFLICT"], "{other:?}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["id"]));
        }
        assert_eq!(warehouse.counters(1).await, (5, 2));
        warehouse.assert_consistent().await;
    }

    async fn an_id_that_is_no_longer_held_reserves_nothing(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        for (number, word) in [(1, "RELEASED"), (2, "FULFILLED")] {
            warehouse.reserve(&id(number), &[(1, 1)]).await;
            if word == "RELEASED" {
                warehouse.release(&id(number)).await;
            } else {
                warehouse.fulfil(&id(number)).await;
            }
            for lines in [&[(1, 1)][..], &[(1, 2)]] {
                assert_eq!(status(&warehouse.reserve(&id(number), lines).await), word);
            }
        }

        assert_eq!(warehouse.counters(1).await, (4, 0));
        warehouse.assert_consistent().await;
    }

    async fn a_reservation_released_before_it_was_made_is_never_made(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;

        assert_eq!(status(&warehouse.release(&id(1)).await), "RELEASED");
        let late = warehouse.reserve(&id(1), &[(1, 1)]).await;

        assert_eq!(status(&late), "RELEASED");
        assert_eq!(late["reservation"]["lines"], json!([]));
        assert_eq!(warehouse.counters(1).await, (5, 0));
        assert_eq!(warehouse.movements(1).await, ["counted"]);
    }

    async fn fifty_lines_cost_as_many_statements_as_one(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        for product in 1..=50 {
            warehouse.stock(product, 10).await;
        }
        for count in [1, 50] {
            let lines: Vec<_> = (1..=count).rev().map(|product| (product, 1)).collect();
            let before = warehouse.db.statement_count();

            let made = warehouse.reserve(&id(usize::try_from(count).unwrap()), &lines).await;

            assert_eq!(status(&made), "HELD");
            assert_eq!(warehouse.db.statement_count() - before, 4, "{count} lines");
        }
        warehouse.assert_consistent().await;
    }
}
