//! Many clients at once. Nobody sees anything but success or a refusal, and counters stay exact.

use crate::warehouse::{Warehouse, codes, id, status};
use chassis::db::Location;
use futures::future::join_all;
use serde_json::{Value, json};
use testing::both_databases;

/// How many of the payloads hold their units; the others must lack stock.
fn held(payloads: &[Value]) -> usize {
    for payload in payloads {
        assert!(codes(payload).iter().all(|code| *code == "INSUFFICIENT_STOCK"), "{payload}");
    }
    payloads.iter().filter(|payload| codes(payload).is_empty()).count()
}

both_databases! {
    async fn the_last_unit_goes_to_one_of_a_hundred_clients(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 1).await;

        let payloads =
            join_all((0..100).map(|n| async move { warehouse.reserve(&id(n), &[(1, 1)]).await }))
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

    async fn releasing_while_it_is_made_leaves_nothing_reserved(location: Location) {
        let warehouse = &Warehouse::open(&location).await;
        warehouse.stock(1, 100).await;

        join_all((0..50).map(|n| async move {
            let id = id(n);
            // Either may come first.
            if n % 2 == 0 {
                tokio::join!(warehouse.reserve(&id, &[(1, 1)]), warehouse.release(&id));
            } else {
                tokio::join!(warehouse.release(&id), warehouse.reserve(&id, &[(1, 1)]));
            }
        }))
        .await;

        assert_eq!(warehouse.counters(1).await, (100, 0));
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
