//! Clients who want different things of one order.

use super::{DEADLINE, PLENTY, assert_settled, at_once, order_count, place, refusal, shared};
use crate::shop::Shop;
use chassis::db::Location;
use serde_json::{Value, json};
use std::sync::Arc;
use testing::{both_databases, wait_for};

/// Orders that are fought for at the same time, in one round.
const ORDERS: usize = 20;
/// Rounds until each side must have won once.
const ROUNDS: usize = 20;

/// Moves each order of a round by both mutations at once, and answers both payloads. Whose task
/// begins first alternates.
async fn contend(shop: &Arc<Shop>, one: &'static str, other: &'static str) -> Vec<(Value, Value)> {
    at_once(ORDERS, |number| {
        let shop = Arc::clone(shop);
        async move {
            let order = placed(&shop).await;
            let (one, other) = (one.replace("$id", &order), other.replace("$id", &order));
            let turned = number % 2 == 1;
            let (first, second) = if turned { (other, one) } else { (one, other) };
            let also = Arc::clone(&shop);
            let first = tokio::spawn(async move { also.change(&first).await });
            let second = shop.change(&second).await;
            let first = first.await.unwrap();
            if turned { (second, first) } else { (first, second) }
        }
    })
    .await
}

/// The id of a new order of two units.
async fn placed(shop: &Shop) -> String {
    let answer = shop.place(&[(1, 2)], None).await;
    answer["order"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// What the order went through, now.
async fn events(shop: &Shop, order: &str) -> Vec<String> {
    let sql = "select status from order_event where order_id = $1 order by order_event_id";
    let order: i64 = order.parse().unwrap();
    let rows: Vec<(String,)> = shop.databases[3].query(sql).bind(order).fetch_all().await.unwrap();
    rows.into_iter().map(|(status,)| status).collect()
}

both_databases! {
    async fn cancelling_against_shipping_happens_in_a_legal_order_and_stock_agrees(
        location: Location
    ) {
        let shop = shared(&location, &["1.00"], PLENTY).await;
        let (mut refused, mut returned) = (0, 0);

        for _ in 0..ROUNDS {
            let cancel = "cancelOrder(id: $id)";
            for (cancel, ship) in
                contend(&shop, cancel, "transitionOrder(id: $id, to: SHIPPED)").await
            {
                // What was shipped can still be cancelled, not the other way round.
                assert_eq!(refusal(&cancel), None, "{cancel}");
                let events = events(&shop, cancel["order"]["id"].as_str().unwrap()).await;
                match refusal(&ship) {
                    None => {
                        returned += 1;
                        assert_eq!(events, ["pending", "shipped", "cancelled"]);
                    }
                    code => {
                        refused += 1;
                        assert_eq!(code, Some("ILLEGAL_TRANSITION"), "{ship}");
                        assert_eq!(events, ["pending", "cancelled"]);
                    }
                }
            }
            if refused > 0 && returned > 0 {
                break;
            }
        }

        assert!(refused > 0 && returned > 0, "{refused} refused, {returned} returned");
        assert_settled(&shop).await;
        assert_eq!(shop.stock(1).await, (PLENTY, 0));
    }

    async fn either_cancelling_or_delivering_wins_and_stock_agrees(location: Location) {
        let shop = shared(&location, &["1.00"], PLENTY).await;
        let (mut cancelled, mut delivered) = (0, 0);

        for _ in 0..ROUNDS {
            let cancel = "cancelOrder(id: $id)";
            for (cancel, deliver) in
                contend(&shop, cancel, "transitionOrder(id: $id, to: DELIVERED)").await
            {
                match (refusal(&cancel), refusal(&deliver)) {
                    (None, Some("ILLEGAL_TRANSITION")) => cancelled += 1,
                    (Some("ILLEGAL_TRANSITION"), None) => delivered += 1,
                    _ => panic!("{cancel}\n{deliver}"),
                }
            }
            if cancelled > 0 && delivered > 0 {
                break;
            }
        }

        assert!(cancelled > 0 && delivered > 0, "{cancelled} and {delivered}");
        assert_settled(&shop).await;
        assert_eq!(shop.stock(1).await, (PLENTY - 2 * delivered, 0));
    }

    async fn cancelling_against_placing_with_the_same_key_leaves_one_cancelled_order(
        location: Location
    ) {
        let shop = shared(&location, &["1.00"], PLENTY).await;
        let first: i64 = placed(&shop).await.parse().unwrap();

        for round in 1..=10 {
            // Ids are given in turn, so the order can be cancelled before anybody was told of it.
            let cancel = format!("cancelOrder(id: {})", first + round);
            let also = Arc::clone(&shop);
            let cancelling = tokio::spawn(async move {
                wait_for(DEADLINE, || async {
                    let payload = also.change(&cancel).await;
                    (refusal(&payload) != Some("NOT_FOUND")).then_some(payload)
                })
                .await
            });
            let answers = at_once(8, |_| {
                let shop = Arc::clone(&shop);
                async move { place(&shop, &[(1, 2)], &format!("key {round}")).await }
            })
            .await;
            let cancelled = cancelling.await.unwrap();
            let late = place(&shop, &[(1, 2)], &format!("key {round}")).await;

            assert_eq!(cancelled["order"]["status"], "CANCELLED", "{cancelled}");
            for answer in &answers {
                // Placed anew it would be another order; told early it is still pending.
                let order = &answer["data"]["placeOrder"]["order"];
                assert_eq!(order["id"], cancelled["order"]["id"], "{answer}");
            }
            let order = json!({ "id": cancelled["order"]["id"], "status": "CANCELLED" });
            assert_eq!(late["data"]["placeOrder"]["order"], order);
            assert_eq!(order_count(&shop).await, round + 1);
        }

        assert_settled(&shop).await;
        assert_eq!(shop.stock(1).await, (PLENTY, 2));
    }
}
