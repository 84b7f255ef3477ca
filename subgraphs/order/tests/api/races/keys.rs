//! Clients who send the same thing again before they know what came of it.

use super::{PLACE, PLENTY, assert_settled, at_once, order_count, place, refusal, shared};
use crate::door::Gate;
use crate::shop::{Shop, ask, input};
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
    async fn who_loses_the_race_for_a_key_gets_the_winners_order_as_a_replay(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        let gate = Gate::new().await;
        let late = shop.with_products(gate.peer(product::NAME));
        let input = json!({ "input": input(&[(1, 2)], Some("once")) });

        let (lost, won) = tokio::join!(ask(&late, PLACE, input.clone()), async {
            // Nobody had used the key when this one looked.
            let asking = gate.caller().await;
            let won = ask(&shop.order, PLACE, input).await;
            Gate::let_through(asking, &shop.product).await;
            won
        });

        assert_eq!(refusal(&won["data"]["placeOrder"]), None, "{won}");
        assert_eq!(won.get("extensions"), None, "{won}");
        assert_eq!(lost["data"], won["data"]);
        assert_eq!(lost["extensions"]["idempotentReplay"], json!(true), "{lost}");
        assert_eq!((order_count(&shop).await, shop.stock(1).await), (1, (10, 2)));
    }
}
