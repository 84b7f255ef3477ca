//! Many clients at once. Nobody sees anything but success or a refusal, and counters stay exact.

use crate::warehouse::{Warehouse, codes, id, line_inputs, status};
use chassis::db::Location;
use chrono::TimeDelta;
use commerce::Clock;
use futures::future::join_all;
use serde_json::{Value, json};
use testing::both_databases;

/// Rounds of a race until each side must have won once.
const ROUNDS: usize = 50;

/// How many of the payloads hold their units; the others must lack stock.
fn held(payloads: &[Value]) -> usize {
    for payload in payloads {
        assert!(codes(payload).iter().all(|code| *code == "INSUFFICIENT_STOCK"), "{payload}");
    }
    payloads.iter().filter(|payload| codes(payload).is_empty()).count()
}

both_databases! {
    async fn the_last_unit_goes_to_one_of_a_thousand_clients(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 1).await;

        let payloads =
            join_all((0..1_000).map(|n| async move { warehouse.reserve(&id(n), &[(1, 1)]).await }))
                .await;

        assert_eq!(held(&payloads), 1);
        assert_eq!(warehouse.counters(1).await, (1, 1));
        warehouse.assert_consistent().await;
    }

    async fn ten_units_in_pairs_go_to_five_of_a_hundred_clients(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 10).await;

        let payloads =
            join_all((0..100).map(|n| async move { warehouse.reserve(&id(n), &[(1, 2)]).await }))
                .await;

        assert_eq!(held(&payloads), 5);
        assert_eq!(warehouse.counters(1).await, (10, 10));
        warehouse.assert_consistent().await;
    }

    async fn lines_in_opposite_order_never_wait_for_each_other(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 150).await;
        warehouse.stock(2, 150).await;

        let payloads = join_all((0..200).map(|n| async move {
            let lines = if n % 2 == 0 { [(1, 1), (2, 1)] } else { [(2, 1), (1, 1)] };
            warehouse.reserve(&id(n), &lines).await
        }))
        .await;

        assert_eq!(held(&payloads), 150);
        assert_eq!(warehouse.counters(1).await, (150, 150));
        assert_eq!(warehouse.counters(2).await, (150, 150));
        warehouse.assert_consistent().await;
    }

    async fn one_product_on_two_lines_that_are_together_above_the_stock_is_refused(
        location: Location
    ) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 11).await;

        let payloads = join_all((0..100).map(|n| async move {
            let lines = if n % 2 == 0 { [(1, 3), (1, 1)] } else { [(1, 1), (1, 3)] };
            warehouse.reserve(&id(n), &lines).await
        }))
        .await;

        // Three units are left: enough for the longer line, not for both.
        assert_eq!(held(&payloads), 2);
        assert_eq!(warehouse.counters(1).await, (11, 8));
        warehouse.assert_consistent().await;
    }

    async fn one_reservation_asked_for_by_many_is_made_once(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 100).await;

        let payloads =
            join_all((0..50).map(|_| async move { warehouse.reserve(&id(1), &[(1, 2)]).await }))
                .await;

        assert!(
            payloads.iter().all(|payload| payload == &payloads[0] && status(payload) == "HELD")
        );
        assert_eq!(warehouse.counters(1).await, (100, 2));
        assert_eq!(warehouse.movements(1).await, ["counted", "reserved"]);
        warehouse.assert_consistent().await;
    }

    async fn a_release_before_or_while_its_reserve_arrives_leaves_nothing_reserved(
        location: Location
    ) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 100).await;

        let reserved = join_all((0..100).map(|n| async move {
            let id = id(n);
            // Either may come first.
            if n % 2 == 0 {
                tokio::join!(warehouse.reserve(&id, &[(1, 1)]), warehouse.release(&id)).0
            } else {
                tokio::join!(warehouse.release(&id), warehouse.reserve(&id, &[(1, 1)])).1
            }
        }))
        .await;

        let came_late = reserved.iter().filter(|payload| status(payload) == "RELEASED").count();
        let in_time = reserved.iter().filter(|payload| status(payload) == "HELD").count();
        assert_eq!(came_late + in_time, 100);
        assert!(came_late > 0 && in_time > 0, "{came_late} came late, {in_time} in time");
        assert_eq!(warehouse.counters(1).await, (100, 0));
        // Who came late moved nothing.
        assert_eq!(warehouse.movements(1).await.len(), 1 + 2 * in_time);
        warehouse.assert_consistent().await;
    }

    async fn a_reservation_that_expires_while_it_is_fulfilled_does_one_of_both(
        location: Location
    ) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 1_000).await;
        let (mut shipped, mut expired) = (0, 0);

        for round in 0..ROUNDS {
            let ids = (0..10).map(|n| id(round * 10 + n));
            let (lines, expires) = (line_inputs(&[(1, 1)]), warehouse.clock.now());
            for id in ids.clone() {
                let expires = (expires + TimeDelta::seconds(1)).to_rfc3339();
                let input = json!({ "id": id, "lines": lines, "expiresAt": expires });
                assert_eq!(status(&warehouse.reserve_with(input).await), "HELD");
            }
            warehouse.clock.advance(TimeDelta::seconds(2));
            // Each shipment begins a little later than the one before, so that some find the
            // worker ahead of them.
            let shipments = join_all(ids.enumerate().map(|(steps, id)| async move {
                for _ in 0..steps + round % 10 {
                    warehouse.counters(1).await;
                }
                warehouse.fulfil(&id).await
            }));
            let (shipments, ours, theirs) = tokio::join!(
                shipments,
                inventory::expire_reservations(&warehouse.db, &warehouse.clock),
                inventory::expire_reservations(&warehouse.other, &warehouse.clock),
            );

            let late = shipments.iter().filter(|payload| codes(payload) == ["CONFLICT"]).count();
            let in_time = shipments.iter().filter(|payload| codes(payload).is_empty()).count();
            assert_eq!((late + in_time, ours.unwrap() + theirs.unwrap()), (10, late));
            shipped += in_time;
            expired += late;
            if shipped > 0 && expired > 0 && round > 4 {
                break;
            }
        }

        assert!(shipped > 0 && expired > 0, "{shipped} shipped, {expired} expired");
        let left = 1_000 - i64::try_from(shipped).unwrap();
        assert_eq!(warehouse.counters(1).await, (left, 0));
        warehouse.assert_consistent().await;
    }

    async fn releasing_and_fulfilling_at_once_has_one_outcome(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 20).await;
        for n in 0..20 {
            warehouse.reserve(&id(n), &[(1, 1)]).await;
        }

        // Released first: nothing to ship. Shipped first: the goods came back.
        join_all((0..20).map(|n| async move {
            let id = id(n);
            if n % 2 == 0 {
                tokio::join!(warehouse.release(&id), warehouse.fulfil(&id), warehouse.release(&id));
            } else {
                tokio::join!(warehouse.fulfil(&id), warehouse.release(&id), warehouse.release(&id));
            }
        }))
        .await;

        assert_eq!(warehouse.counters(1).await, (20, 0));
        warehouse.assert_consistent().await;
    }

    async fn every_acknowledged_adjustment_counts(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 1000).await;

        let payloads = join_all((0..200).map(|_| async move {
            warehouse.adjust(json!({ "productId": "1", "delta": -1 })).await
        }))
        .await;

        assert!(payloads.iter().all(|payload| codes(payload).is_empty()));
        assert_eq!(warehouse.counters(1).await, (800, 0));
        warehouse.assert_consistent().await;
    }

    async fn one_adjustment_sent_by_many_counts_once(location: Location) {
        let warehouse = &Warehouse::open(&location).await;

        let payloads = join_all((0..50).map(|_| async move {
            warehouse.adjust(json!({ "productId": "1", "delta": 3, "idempotencyKey": "k" })).await
        }))
        .await;

        assert!(payloads.iter().all(|payload| payload["stockItem"]["onHand"] == 3), "{payloads:?}");
        assert_eq!(warehouse.counters(1).await, (3, 0));
        warehouse.assert_consistent().await;
    }

    async fn everything_at_once_stays_consistent(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 30).await;
        warehouse.stock(2, 30).await;

        join_all((0..120).map(|n| async move {
            let reservation = id(n / 4);
            match n % 4 {
                0 => warehouse.reserve(&reservation, &[(2, 1), (1, 2)]).await,
                1 => warehouse.fulfil(&reservation).await,
                2 => warehouse.set(json!({ "productId": "1", "available": 20 })).await,
                _ => warehouse.release(&reservation).await,
            }
        }))
        .await;

        warehouse.assert_consistent().await;
    }
}
