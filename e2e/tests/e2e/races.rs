//! Many clients at once over HTTP, and a process that dies. Races that need more clients, or a
//! certain moment, are those of the order and of the inventory subgraph.

use crate::shop::{PLACE, Shop, codes, id, order_input};
use e2e::on_both_databases;
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use testing::{Database, wait_until};

const CLIENTS: usize = 100;
/// How long it may take until what a crash left behind is put in order: on PostgreSQL, where
/// another process may still be at it, an attempt is given up after twenty seconds.
const SETTLED: Duration = Duration::from_secs(60);

on_both_databases! {
    async fn the_last_unit_goes_to_one_of_a_hundred_clients(database: &Database) {
        let shop = &Shop::on(database).await;
        let user = &shop.user("ann").await;
        let mug = &shop.product("Mug", "5.00", 1).await;

        let answers = join_all((0..CLIENTS).map(|number| async move {
            shop.place_at_last(&number.to_string(), user, &[(mug, 1)]).await
        })).await;

        let (placed, refused): (Vec<_>, Vec<_>) =
            answers.iter().partition(|answer| codes(answer).is_empty());
        assert_eq!(placed.len(), 1);
        assert!(refused.iter().all(|answer| codes(answer) == ["INSUFFICIENT_STOCK"]));
        assert_eq!(shop.order_count().await, 1);
        assert_eq!(shop.stock(mug).await, (1, 1, 0));
        verify(shop).await;
    }

    async fn ten_units_in_pairs_go_to_five_of_a_hundred_clients(database: &Database) {
        let shop = &Shop::on(database).await;
        let user = &shop.user("ann").await;
        let mug = &shop.product("Mug", "5.00", 10).await;

        let answers = join_all((0..CLIENTS).map(|number| async move {
            shop.place_at_last(&number.to_string(), user, &[(mug, 1), (mug, 1)]).await
        })).await;

        let placed = answers.iter().filter(|answer| codes(answer).is_empty()).count();
        assert_eq!((placed, shop.order_count().await), (5, 5));
        assert_eq!(shop.stock(mug).await, (10, 10, 0));
        verify(shop).await;
    }

    async fn products_in_opposite_order_never_wait_for_each_other(database: &Database) {
        let shop = &Shop::on(database).await;
        let user = &shop.user("ann").await;
        let mug = &shop.product("Mug", "5.00", CLIENTS as i64).await;
        let cup = &shop.product("Cup", "3.00", CLIENTS as i64).await;

        let answers = join_all((0..CLIENTS).map(|number| async move {
            let lines = [(mug.as_str(), 1), (cup.as_str(), 1)];
            let turned = [lines[1], lines[0]];
            let lines = if number % 2 == 0 { &lines } else { &turned };
            shop.place_at_last(&number.to_string(), user, lines).await
        }))
        .await;

        assert!(answers.iter().all(|answer| codes(answer).is_empty()));
        let all = CLIENTS as i64;
        assert_eq!(shop.stock(mug).await, (all, all, 0));
        assert_eq!(shop.stock(cup).await, (all, all, 0));
        verify(shop).await;
    }

    async fn one_key_sent_fifty_times_at_once_is_one_order(database: &Database) {
        let shop = &Shop::on(database).await;
        let user = &shop.user("ann").await;
        let mug = &shop.product("Mug", "5.00", 100).await;

        // Who comes while the first is at it is told so, and asks again.
        let lines = &[(mug.as_str(), 2)];
        let place = |_| shop.place_at_last("once", user, lines);
        let answers = join_all((0..50).map(place)).await;

        let orders: BTreeSet<_> = answers.iter().map(|answer| id(&answer["order"])).collect();
        assert_eq!(orders.len(), 1);
        assert_eq!(shop.order_count().await, 1);
        assert_eq!(shop.stock(mug).await, (100, 2, 98));
        verify(shop).await;
    }

    async fn an_order_that_many_cancel_and_ship_has_one_outcome(database: &Database) {
        let shop = &Shop::on(database).await;
        let user = &shop.user("ann").await;
        let mug = &shop.product("Mug", "5.00", 100).await;
        let order = &shop.order(user, &[(mug, 4)]).await;
        let cancel = "mutation ($id: ID!) { cancelOrder(id: $id) {
            order { status } userErrors { code } } }";

        let answers = join_all((0..30).map(|number| async move {
            match number % 3 {
                0 => shop.move_to(order, "SHIPPED").await,
                _ => shop.payload(cancel, json!({ "id": order })).await,
            }
        }))
        .await;

        let cancelled = answers.iter().filter(|answer| answer["order"]["status"] == "CANCELLED");
        assert_eq!(cancelled.count(), 1);
        wait_until(SETTLED, || async { shop.stock(mug).await == (100, 0, 100) }).await;
        verify(shop).await;
    }

    async fn a_killed_process_keeps_what_it_acknowledged_and_settles_the_rest(
        database: &Database
    ) {
        let mut shop = Shop::on(database).await;
        let user = shop.user("ann").await;
        let mug = shop.product("Mug", "5.00", 100_000).await;
        let cup = shop.product("Cup", "3.00", 100_000).await;

        for round in 0..3 {
            let acknowledged = place_until_killed(&mut shop, &user, (&mug, &cup)).await;
            assert!(!acknowledged.is_empty(), "round {round}");
            shop.agora.restart().await;
            let orders = held_orders(&shop).await;
            let found: BTreeSet<_> = orders.iter().map(id).collect();
            assert!(acknowledged.is_subset(&found), "round {round} lost an order");
        }

        for product in [&mug, &cup] {
            let held = held_units(&held_orders(&shop).await, product);
            let settled = || async {
                let (on_hand, reserved, available) = shop.stock(product).await;
                (on_hand, reserved, available) == (100_000, held, 100_000 - held)
            };
            wait_until(SETTLED, settled).await;
        }
        shop.order(&user, &[(&mug, 1)]).await;
        verify(&shop).await;
    }
}

/// Orders, reservations, counters and money agree.
async fn verify(shop: &Shop) {
    let verdict = shop.agora.run(&["verify"]).await;
    let text = String::from_utf8_lossy(&verdict.stdout);
    assert!(verdict.status.success(), "{text}\n{}", shop.agora.output());
}

/// Eight clients who place orders until the process is gone; the orders that they were told of.
async fn place_until_killed(
    shop: &mut Shop,
    user: &str,
    (mug, cup): (&str, &str),
) -> BTreeSet<String> {
    // Planned once, for all of them.
    shop.order(user, &[(mug, 1)]).await;
    let input = order_input(user, &[(mug, 2), (cup, 1)], json!({}));
    let (client, url) = (shop.agora.client().clone(), shop.agora.url().to_owned());
    let (told, mut placed) = tokio::sync::mpsc::unbounded_channel::<String>();
    let clients = (0..8).map(|_| {
        let (client, url, told) = (client.clone(), url.clone(), told.clone());
        let operation = json!({ "query": PLACE, "variables": { "input": input } });
        tokio::spawn(async move {
            while let Ok(response) = client.post(&url).json(&operation).send().await {
                let Ok(answer) = response.json::<Value>().await else { return };
                let _ = told.send(id(&answer["data"]["placeOrder"]["order"]));
            }
        })
    });
    let clients: Vec<_> = clients.collect();
    drop(told);

    let mut acknowledged = BTreeSet::new();
    while acknowledged.len() < 30 {
        acknowledged.insert(placed.recv().await.expect("orders are placed"));
    }
    shop.agora.kill().await;
    for client in clients {
        client.await.unwrap();
    }
    while let Some(order) = placed.recv().await {
        acknowledged.insert(order);
    }
    acknowledged
}

/// Every order; none of them was moved, so all of them hold their stock.
async fn held_orders(shop: &Shop) -> Vec<Value> {
    let list = "query ($after: String) { orders(first: 100, after: $after) {
        nodes { id status lines { product { id } quantity } }
        pageInfo { hasNextPage endCursor } } }";
    let (mut orders, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut data = shop.data(list, json!({ "after": after })).await;
        let page = &mut data["orders"];
        orders.append(page["nodes"].as_array_mut().unwrap());
        if page["pageInfo"]["hasNextPage"] == false {
            assert!(orders.iter().all(|order| order["status"] == "PENDING"));
            return orders;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

fn held_units(orders: &[Value], product: &str) -> i64 {
    let lines = orders.iter().flat_map(|order| order["lines"].as_array().unwrap());
    let lines = lines.filter(|line| line["product"]["id"] == product);
    lines.map(|line| line["quantity"].as_i64().unwrap()).sum()
}
