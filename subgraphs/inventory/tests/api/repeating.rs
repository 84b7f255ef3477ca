//! Adjustments that are sent again.

use crate::warehouse::{Warehouse, codes};
use chassis::db::Location;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, wait_until};
use tokio_util::sync::CancellationToken;

const ADJUST: &str = "mutation($input: AdjustStockInput!) { adjustStock(input: $input) {
    stockItem { onHand } userErrors { code field message } } }";

fn keyed(delta: i64, key: &str) -> Value {
    json!({ "productId": "7", "delta": delta, "idempotencyKey": key })
}

async fn adjust(warehouse: &Warehouse, input: Value) -> Value {
    warehouse.response(ADJUST, json!({ "input": input })).await
}

fn replay() -> Value {
    json!({ "idempotentReplay": true })
}

both_databases! {
    async fn only_the_answer_to_a_repeated_adjustment_says_so(location: Location) {
        let warehouse = Warehouse::open(&location).await;

        let first = adjust(&warehouse, keyed(5, "k")).await;
        let again = adjust(&warehouse, keyed(5, "k")).await;
        let other = adjust(&warehouse, keyed(6, "k")).await;
        let new = adjust(&warehouse, keyed(5, "l")).await;
        let nameless = adjust(&warehouse, json!({ "productId": "7", "delta": 1 })).await;

        assert_eq!(again["extensions"], replay());
        assert_eq!(again["data"], first["data"]);
        assert_eq!(codes(&other["data"]["adjustStock"]), ["IDEMPOTENCY_CONFLICT"]);
        for answer in [first, other, new, nameless] {
            assert_eq!(answer.get("extensions"), None, "{answer}");
        }
        assert_eq!(warehouse.counters(7).await, (11, 0));
        warehouse.assert_consistent().await;
    }

    async fn parallel_adjustments_with_one_key_count_once(location: Location) {
        let warehouse = Warehouse::open(&location).await;

        let requests = (0..40).map(|_| adjust(&warehouse, keyed(5, "k")));
        let answers = futures::future::join_all(requests).await;

        let replays = answers.iter().filter(|answer| answer["extensions"] == replay()).count();
        assert_eq!(replays, 39, "{answers:#?}");
        assert_eq!(warehouse.counters(7).await, (5, 0));
    }

    async fn an_adjustment_whose_stock_item_was_deleted_is_still_a_replay(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        adjust(&warehouse, keyed(5, "k")).await;
        warehouse.data("mutation { deleteStockItem(id: 1) { userErrors { code } } }", json!({})).await;

        let again = adjust(&warehouse, keyed(5, "k")).await;

        let nothing = json!({ "adjustStock": { "stockItem": null, "userErrors": [] } });
        assert_eq!((&again["data"], &again["extensions"]), (&nothing, &replay()));
        assert_eq!(warehouse.counters(7).await, (0, 0));
    }

    async fn a_key_is_forgotten_after_a_day_and_not_before(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        adjust(&warehouse, keyed(5, "k")).await;

        warehouse.clock.advance(TimeDelta::hours(24));
        assert_eq!(inventory::prune_keys(&warehouse.db, &warehouse.clock).await.unwrap(), 0);
        assert_eq!(adjust(&warehouse, keyed(5, "k")).await["extensions"], replay());
        warehouse.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(inventory::prune_keys(&warehouse.db, &warehouse.clock).await.unwrap(), 1);
        assert_eq!(inventory::prune_keys(&warehouse.other, &warehouse.clock).await.unwrap(), 0);

        let anew = adjust(&warehouse, keyed(5, "k")).await;
        assert_eq!(anew.get("extensions"), None);
        assert_eq!(warehouse.counters(7).await, (10, 0));
        warehouse.assert_consistent().await;
    }

    async fn a_clock_that_is_set_back_keeps_keys_longer(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        adjust(&warehouse, keyed(5, "k")).await;

        warehouse.clock.advance(TimeDelta::hours(-1));
        warehouse.clock.advance(TimeDelta::hours(24) + TimeDelta::minutes(59));

        assert_eq!(inventory::prune_keys(&warehouse.db, &warehouse.clock).await.unwrap(), 0);
    }

    async fn two_workers_forget_each_key_once_and_leave_the_young_ones(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        for number in 0..20 {
            adjust(&warehouse, keyed(1, &format!("old {number}"))).await;
        }
        warehouse.clock.advance(TimeDelta::hours(25));
        adjust(&warehouse, keyed(1, "young")).await;

        let (one, two) = tokio::join!(
            inventory::prune_keys(&warehouse.db, &warehouse.clock),
            inventory::prune_keys(&warehouse.other, &warehouse.clock),
        );

        assert_eq!(one.unwrap() + two.unwrap(), 20);
        assert_eq!(adjust(&warehouse, keyed(1, "young")).await["extensions"], replay());
    }

    async fn the_worker_forgets_keys(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        adjust(&warehouse, keyed(5, "k")).await;
        warehouse.clock.advance(TimeDelta::hours(25));
        let stop = CancellationToken::new();
        let clock = Arc::new(warehouse.clock.clone());

        let worker = tokio::spawn(inventory::workers(warehouse.db.clone(), clock, stop.clone()));
        let keys = async || {
            let sql = "select count(*) from adjustment_key";
            warehouse.other.query(sql).fetch_one::<(i64,)>().await.unwrap().0
        };
        wait_until(Duration::from_secs(20), async || keys().await == 0).await;
        stop.cancel();

        tokio::time::timeout(Duration::from_secs(20), worker).await.unwrap().unwrap();
    }
}
