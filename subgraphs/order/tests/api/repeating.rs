//! Requests that are sent again, and how long their keys are remembered.

use crate::door::Door;
use crate::shop::{Shop, ask, data, input};
use chassis::Peer;
use chassis::db::{DbError, Location};
use chrono::{DateTime, TimeDelta, Utc};
use commerce::MockClock;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, wait_until};

const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status } userErrors { code field } } }";

/// The whole answer.
async fn place(shop: &Shop, input: Value) -> Value {
    ask(&shop.order, PLACE, json!({ "input": input })).await
}

fn of_user(user: &str, key: &str) -> Value {
    let mut input = input(&[(1, 1)], Some(key));
    input["userId"] = json!(user);
    input
}

fn replay() -> Value {
    json!({ "idempotentReplay": true })
}

fn refusal(answer: &Value) -> (&Value, &Value) {
    let error = &answer["data"]["placeOrder"]["userErrors"][0];
    (&error["code"], &error["field"])
}

/// A shop with one product, and its clock.
async fn shop_with_clock(location: &Location, stock: i64) -> (Shop, MockClock) {
    let clock = clock();
    let mut shop = Shop::with(location, Arc::new(clock.clone()), Peer::local).await;
    shop.fill(&["1.00"], stock).await;
    (shop, clock)
}

fn clock() -> MockClock {
    let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    MockClock::at(now)
}

async fn attempts(shop: &Shop) -> i64 {
    let sql = "select count(*) from placement";
    shop.databases[3].query(sql).fetch_one::<(i64,)>().await.unwrap().0
}

async fn execute(shop: &Shop, sql: &'static str) {
    let done: Result<u64, DbError> =
        shop.databases[3].write(move |tx| Box::pin(tx.query(sql).execute())).await;
    done.unwrap();
}

both_databases! {
    async fn only_the_answer_to_a_repeated_request_says_so(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        let nameless = input(&[(1, 1)], None);

        let first = place(&shop, of_user("1", "k")).await;
        let again = place(&shop, of_user("1", "k")).await;
        let other = place(&shop, input(&[(1, 2)], Some("k"))).await;
        let nameless = [place(&shop, nameless.clone()).await, place(&shop, nameless).await];

        assert_eq!(again["extensions"], replay());
        assert_eq!(again["data"], first["data"]);
        assert_eq!(refusal(&other), (&json!("IDEMPOTENCY_CONFLICT"), &json!(["idempotencyKey"])));
        for answer in [first, other].into_iter().chain(nameless) {
            assert_eq!(answer.get("extensions"), None, "{answer}");
        }
        assert_eq!(shop.stock(1).await, (10, 3));
    }

    async fn an_operation_says_so_when_one_of_its_mutations_was_a_replay(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        let first = place(&shop, of_user("1", "a")).await;
        let both = "mutation ($a: PlaceOrderInput!, $b: PlaceOrderInput!) {
            a: placeOrder(input: $a) { order { id } } b: placeOrder(input: $b) { order { id } } }";

        let variables = json!({ "a": of_user("1", "a"), "b": of_user("1", "b") });
        let answer = ask(&shop.order, both, variables).await;

        assert_eq!(answer["extensions"], replay());
        let order = &first["data"]["placeOrder"]["order"]["id"];
        assert_eq!(&answer["data"]["a"]["order"]["id"], order);
        assert_ne!(&answer["data"]["b"]["order"]["id"], order);
    }

    async fn parallel_requests_with_one_key_are_one_order_and_replays_of_it(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 100).await;

        let requests = (0..40).map(|_| place(&shop, of_user("1", "k")));
        let answers = futures::future::join_all(requests).await;

        let placed = |answer: &&Value| !answer["data"]["placeOrder"]["order"].is_null();
        let first = answers.iter().filter(placed).filter(|it| it.get("extensions").is_none());
        assert_eq!(first.count(), 1, "{answers:#?}");
        for answer in answers.iter().filter(|answer| !placed(answer)) {
            assert_eq!(refusal(answer), (&json!("CONFLICT"), &json!(["idempotencyKey"])));
            assert_eq!(answer.get("extensions"), None);
        }
        assert_eq!(shop.stock(1).await, (100, 1));
    }

    async fn a_key_belongs_to_its_user(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        let bob = "mutation { createUser(input: {username: \"bob\", password: \"secret\"}) {
            user { id } } }";
        data(&shop.user, bob, json!({})).await;

        let ada = place(&shop, of_user("1", "k")).await;
        let bob = place(&shop, of_user("2", "k")).await;

        assert_eq!(ada["data"]["placeOrder"]["order"]["id"], "1");
        assert_eq!(bob["data"]["placeOrder"]["order"]["id"], "2");
        assert_eq!(bob.get("extensions"), None);
        assert_eq!(shop.stock(1).await, (10, 2));
    }

    async fn a_key_whose_request_still_runs_is_a_conflict(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        place(&shop, of_user("1", "k")).await;
        execute(&shop, "update placement set status = 'started'").await;

        let again = place(&shop, of_user("1", "k")).await;

        assert_eq!(refusal(&again), (&json!("CONFLICT"), &json!(["idempotencyKey"])));
    }

    async fn a_key_whose_order_was_deleted_does_not_place_another(location: Location) {
        let (shop, clock) = shop_with_clock(&location, 10).await;
        place(&shop, of_user("1", "k")).await;
        data(&shop.order, "mutation { deleteOrder(id: 1) { deletedOrderId } }", json!({})).await;

        let again = place(&shop, of_user("1", "k")).await;
        clock.advance(TimeDelta::hours(25));
        order::prune(&shop.orders).await.unwrap();
        let next_day = place(&shop, of_user("1", "k")).await;

        assert_eq!(refusal(&again), (&json!("NOT_FOUND"), &json!(["idempotencyKey"])));
        assert_eq!(next_day["data"]["placeOrder"]["order"]["id"], "2");
        assert_eq!(shop.stock(1).await, (10, 1));
    }

    async fn a_key_is_forgotten_after_a_day_and_not_before_and_its_order_never(location: Location) {
        let (shop, clock) = shop_with_clock(&location, 10).await;
        place(&shop, of_user("1", "k")).await;

        clock.advance(TimeDelta::hours(24));
        assert_eq!(order::prune(&shop.orders).await.unwrap(), 0);
        assert_eq!(place(&shop, of_user("1", "k")).await["extensions"], replay());
        clock.advance(TimeDelta::microseconds(1));
        assert_eq!(order::prune(&shop.orders).await.unwrap(), 1);
        assert_eq!(order::prune(&shop.orders).await.unwrap(), 0);

        let anew = place(&shop, of_user("1", "k")).await;
        assert_eq!(anew["data"]["placeOrder"]["order"]["id"], "2");
        assert_eq!(anew.get("extensions"), None);
        let cancelled = shop.change("cancelOrder(id: 1)").await;
        assert_eq!(cancelled["order"]["status"], "CANCELLED");
        assert_eq!(shop.stock(1).await, (10, 1));
    }

    async fn a_clock_that_is_set_back_keeps_keys_longer(location: Location) {
        let (shop, clock) = shop_with_clock(&location, 10).await;
        place(&shop, of_user("1", "k")).await;

        clock.advance(TimeDelta::hours(-1));
        clock.advance(TimeDelta::hours(24) + TimeDelta::minutes(59));

        assert_eq!(order::prune(&shop.orders).await.unwrap(), 0);
        assert_eq!(place(&shop, of_user("1", "k")).await["extensions"], replay());
    }

    async fn an_attempt_that_still_runs_keeps_its_key(location: Location) {
        let (shop, clock) = shop_with_clock(&location, 10).await;
        place(&shop, of_user("1", "k")).await;
        execute(&shop, "update placement set status = 'started'").await;

        clock.advance(TimeDelta::hours(25));

        assert_eq!(order::prune(&shop.orders).await.unwrap(), 0);
    }

    async fn two_nodes_prune_each_attempt_once_and_leave_the_young_ones(location: Location) {
        let (shop, clock) = shop_with_clock(&location, 100).await;
        for number in 0..20 {
            place(&shop, of_user("1", &format!("old {number}"))).await;
        }
        clock.advance(TimeDelta::hours(25));
        place(&shop, of_user("1", "young")).await;

        let (one, two) = tokio::join!(order::prune(&shop.orders), order::prune(&shop.orders));

        assert_eq!(one.unwrap() + two.unwrap(), 20);
        assert_eq!(place(&shop, of_user("1", "young")).await["extensions"], replay());
        assert_eq!(shop.stock(1).await, (100, 21));
    }

    async fn an_attempt_that_came_to_nothing_goes_when_the_inventory_knows(location: Location) {
        let (mut door, clock) = (Door::shut().await, clock());
        let peer = |_| door.peer();
        let mut shop = Shop::with(&location, Arc::new(clock.clone()), peer).await;
        shop.fill(&["1.00"], 5).await;
        // The inventory is away: whether it reserved anything is unknown, so it must be told.
        let unknown = place(&shop, of_user("1", "k")).await;
        assert_eq!(unknown["errors"][0]["extensions"]["code"], "SUBGRAPH_UNAVAILABLE");
        door.open(&shop.inventory).await;
        let refused = place(&shop, input(&[(1, 6)], None)).await;
        assert_eq!(refusal(&refused).0, "INSUFFICIENT_STOCK");
        door.close().await;
        assert_eq!(attempts(&shop).await, 2);

        clock.advance(TimeDelta::hours(25));
        order::prune(&shop.orders).await.unwrap();
        assert_eq!(attempts(&shop).await, 1);

        door.open(&shop.inventory).await;
        let (stopping, work) = shop.work();
        let told = async || {
            let sql = "select count(*) from effect";
            shop.databases[3].query(sql).fetch_one::<(i64,)>().await.unwrap().0 == 0
        };
        wait_until(Duration::from_secs(20), told).await;
        order::prune(&shop.orders).await.unwrap();
        assert_eq!(attempts(&shop).await, 0);
        stopping.cancel();
        work.await.unwrap();
        door.close().await;
        assert_eq!(shop.stock(1).await, (5, 0));
    }

    async fn the_worker_prunes(location: Location) {
        let (shop, clock) = shop_with_clock(&location, 1).await;
        place(&shop, input(&[(1, 2)], Some("k"))).await;
        clock.advance(TimeDelta::hours(25));

        let (stopping, work) = shop.work();
        wait_until(Duration::from_secs(20), async || attempts(&shop).await == 0).await;

        stopping.cancel();
        work.await.unwrap();
    }
}
