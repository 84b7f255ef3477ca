//! Sweepers who find the same attempts.

use super::{DEADLINE, PLENTY, assert_settled, at_once, decided, order_count, refusal};
use crate::shop::{Shop, input};
use chassis::Peer;
use chassis::db::Location;
use chrono::{DateTime, TimeDelta, Utc};
use commerce::{Clock, SystemClock};
use std::sync::Arc;
use testing::{both_databases, wait_until};

/// How often the sweepers begin.
const ROUNDS: i64 = 6;
/// Attempts that a dead process left behind before each round.
const LEFT: i64 = 2;
/// Orders that are being placed while the sweepers look.
const PLACED: usize = 40;

both_databases! {
    async fn two_sweepers_on_two_nodes_give_back_once_and_disturb_nobody(location: Location) {
        let shop = Arc::new(Shop::open(&location, &["1.00"], PLENTY).await);
        let nodes = &[Arc::clone(&shop), second_node(&location, &shop).await];
        let past: DateTime<Utc> = SystemClock.now() - TimeDelta::minutes(1);

        for round in 1..=ROUNDS {
            for _ in 0..LEFT {
                let left = shop.leave_attempt(past).await;
                shop.reserve(left, 1).await;
            }
            let placing = at_once(PLACED, |number| {
                let node = Arc::clone(&nodes[number % nodes.len()]);
                async move { decided(&node, &input(&[(1, 1)], None)).await }
            });
            let sweeping = async {
                // An attempt is under way, or it was a short one.
                let before = LEFT + order_count(&shop).await;
                let begun = async || started(&shop).await + order_count(&shop).await > before;
                wait_until(DEADLINE, begun).await;
                nodes.each_ref().map(|node| node.work())
            };
            let (answers, working) = tokio::join!(placing, sweeping);

            // No attempt of a living process is given up: nobody has to try again.
            for answer in answers {
                let answer = answer.expect("an order is placed at the first attempt");
                assert_eq!(refusal(&answer["data"]["placeOrder"]), None, "{answer}");
            }
            let orders = round * i64::try_from(PLACED).unwrap();
            wait_until(DEADLINE, async || shop.stock(1).await == (PLENTY, orders)).await;
            assert_settled(&shop).await;
            for (stopping, work) in working {
                stopping.cancel();
                work.await.unwrap();
            }
            assert_eq!((order_count(&shop).await, released(&shop).await), (orders, round * LEFT));
        }
    }
}

/// Another process with connections of its own; on SQLite, where there is but one process, its
/// sweeper a second time.
async fn second_node(location: &Location, shop: &Arc<Shop>) -> Arc<Shop> {
    match location {
        Location::Directory(_) => Arc::clone(shop),
        Location::Postgres(_) => Arc::new(Shop::with_inventory(location, Peer::local).await),
    }
}

/// How many attempts nobody has ended.
async fn started(shop: &Shop) -> i64 {
    let sql = "select count(*) from placement where status = 'started'";
    shop.databases[3].query(sql).fetch_one::<(i64,)>().await.unwrap().0
}

/// How often units were given back.
async fn released(shop: &Shop) -> i64 {
    let sql = "select count(*) from stock_movement where kind = 'released'";
    shop.databases[2].query(sql).fetch_one::<(i64,)>().await.unwrap().0
}
