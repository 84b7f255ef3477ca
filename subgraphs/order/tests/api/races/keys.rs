//! Clients who send the same thing again before they know what came of it.

use super::{PLENTY, assert_settled, at_once, order_count, place, refusal, shared};
use chassis::db::Location;
use serde_json::json;
use std::sync::Arc;
use testing::both_databases;

both_databases! {
    async fn a_hundred_parallel_requests_with_one_key_are_one_order(location: Location) {
        let shop = shared(&location, &["1.00"], PLENTY).await;

        let answers = at_once(100, |_| {
            let shop = Arc::clone(&shop);
            async move { place(&shop, &[(1, 2)], "once").await }
        })
        .await;

        let order = &answers[0]["data"]["placeOrder"];
        assert_eq!(refusal(order), None, "{order}");
        assert!(answers.iter().all(|answer| answer["data"]["placeOrder"] == *order));
        let replays =
            answers.iter().filter(|answer| answer["extensions"]["idempotentReplay"] == json!(true));
        assert_eq!(replays.count(), 99);
        assert_eq!((order_count(&shop).await, shop.stock(1).await), (1, (PLENTY, 2)));
        assert_settled(&shop).await;
    }

    async fn of_two_inputs_under_one_key_fifty_times_each_one_becomes_an_order(
        location: Location
    ) {
        let shop = shared(&location, &["1.00"], PLENTY).await;

        let answers = at_once(100, |number| {
            let shop = Arc::clone(&shop);
            let units = i64::try_from(number % 2).unwrap() + 1;
            async move { place(&shop, &[(1, units)], "once").await }
        })
        .await;

        let refused: Vec<_> =
            answers.iter().filter_map(|answer| refusal(&answer["data"]["placeOrder"])).collect();
        assert_eq!(refused, ["IDEMPOTENCY_CONFLICT"; 50]);
        assert_eq!(order_count(&shop).await, 1);
        assert_settled(&shop).await;
    }
}
