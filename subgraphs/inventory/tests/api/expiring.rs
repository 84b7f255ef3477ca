//! Reservations with a time.

use crate::warehouse::{Warehouse, codes, id, line_inputs, status};
use chassis::db::Location;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, wait_until};
use tokio_util::sync::CancellationToken;

/// One unit of product 1 until a minute past the warehouse's first moment.
fn for_a_minute(number: usize) -> Value {
    let lines = line_inputs(&[(1, 1)]);
    json!({ "id": id(number), "lines": lines, "expiresAt": "2026-03-01T12:01:00Z" })
}

both_databases! {
    async fn units_come_back_when_the_time_has_passed_and_not_before(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.reserve_with(for_a_minute(1)).await;
        warehouse.reserve(&id(2), &[(1, 1)]).await;

        warehouse.clock.advance(TimeDelta::microseconds(59_999_999));
        assert_eq!(
            inventory::expire_reservations(&warehouse.db, &warehouse.clock).await.unwrap(),
            0
        );
        warehouse.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(
            inventory::expire_reservations(&warehouse.db, &warehouse.clock).await.unwrap(),
            1
        );
        assert_eq!(
            inventory::expire_reservations(&warehouse.other, &warehouse.clock).await.unwrap(),
            0
        );

        assert_eq!(warehouse.counters(1).await, (5, 1));
        assert_eq!(codes(&warehouse.fulfil(&id(1)).await), ["CONFLICT"]);
        assert_eq!(status(&warehouse.release(&id(1)).await), "EXPIRED");
        let again = warehouse.reserve(&id(1), &[(1, 1)]).await;
        assert_eq!(status(&again), "EXPIRED");
        warehouse.assert_consistent().await;
    }

    async fn what_left_the_house_in_time_does_not_expire(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.reserve_with(for_a_minute(1)).await;
        warehouse.fulfil(&id(1)).await;

        warehouse.clock.advance(TimeDelta::hours(1));
        assert_eq!(
            inventory::expire_reservations(&warehouse.db, &warehouse.clock).await.unwrap(),
            0
        );

        assert_eq!(warehouse.counters(1).await, (4, 0));
    }

    async fn a_call_releases_a_hundred_at_most(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 101).await;
        for number in 0..101 {
            warehouse.reserve_with(for_a_minute(number)).await;
        }
        warehouse.clock.advance(TimeDelta::hours(1));

        for expired in [100, 1, 0] {
            assert_eq!(
                inventory::expire_reservations(&warehouse.db, &warehouse.clock).await.unwrap(),
                expired
            );
        }
        assert_eq!(warehouse.counters(1).await, (101, 0));
        warehouse.assert_consistent().await;
    }

    async fn two_workers_and_a_shipment_never_move_a_unit_twice(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 20).await;
        for number in 0..20 {
            warehouse.reserve_with(for_a_minute(number)).await;
        }
        warehouse.clock.advance(TimeDelta::hours(1));

        // Each shipment begins a little later than the one before, so that some find the worker
        // ahead of them.
        let fulfilling = futures::future::join_all((0..20).map(|number| {
            let warehouse = &warehouse;
            async move {
                for _ in 0..number {
                    warehouse.counters(1).await;
                }
                warehouse.fulfil(&id(number)).await
            }
        }));
        let (fulfilled, one, two) = tokio::join!(
            fulfilling,
            inventory::expire_reservations(&warehouse.db, &warehouse.clock),
            inventory::expire_reservations(&warehouse.other, &warehouse.clock),
        );

        let shipped = fulfilled.iter().filter(|payload| codes(payload).is_empty()).count();
        let expired = one.unwrap() + two.unwrap();
        assert_eq!(shipped + expired, 20);
        let left = 20 - i64::try_from(shipped).unwrap();
        assert_eq!(warehouse.counters(1).await, (left, 0));
        warehouse.assert_consistent().await;
    }

    async fn the_worker_expires_what_is_due_and_ends_when_told(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.reserve_with(for_a_minute(1)).await;
        warehouse.clock.advance(TimeDelta::hours(1));
        let stop = CancellationToken::new();
        let clock = Arc::new(warehouse.clock.clone());

        let worker = tokio::spawn(inventory::workers(warehouse.db.clone(), clock, stop.clone()));
        wait_until(Duration::from_secs(20), || async { warehouse.counters(1).await == (5, 0) })
            .await;
        stop.cancel();

        tokio::time::timeout(Duration::from_secs(20), worker).await.unwrap().unwrap();
    }
}
