//! A clock that is set back an hour, and clocks of two nodes that do not agree.

use crate::door::Door;
use crate::shop::Shop;
use chassis::Peer;
use chassis::db::Location;
use chrono::{DateTime, TimeDelta, Utc};
use commerce::{Clock, MockClock};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use testing::databases::on_postgres;
use testing::{both_databases, wait_until};

const DEADLINE: Duration = Duration::from_secs(60);
const HOUR: TimeDelta = TimeDelta::hours(1);

/// The time at which these stories begin.
fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

async fn shop(location: &Location, clock: &MockClock) -> Shop {
    let mut shop = Shop::with(location, Arc::new(clock.clone()), Peer::local).await;
    shop.fill(&["1.00"], 5).await;
    shop
}

both_databases! {
    async fn what_was_put_off_before_the_clock_went_back_does_not_wait_an_hour(location: Location) {
        let clock = MockClock::at(noon());
        let mut door = Door::shut().await;
        let mut shop = Shop::with(&location, Arc::new(clock.clone()), |_| door.peer()).await;
        shop.fill(&["1.00"], 5).await;
        door.open(&shop.inventory).await;
        shop.place(&[(1, 2)], None).await;
        door.close().await;
        // Told in vain, and put off by this clock.
        assert_eq!(shop.change("cancelOrder(id: 1)").await["order"]["status"], "CANCELLED");
        assert_eq!(shop.stock(1).await, (5, 2));

        clock.advance(-HOUR);
        door.open(&shop.inventory).await;
        let (stopping, work) = shop.work();

        wait_until(DEADLINE, async || shop.stock(1).await == (5, 0)).await;
        stopping.cancel();
        work.await.unwrap();
    }

    async fn an_attempt_left_before_the_clock_went_back_does_not_wait_an_hour(location: Location) {
        let clock = MockClock::at(noon());
        let shop = shop(&location, &clock).await;
        let left = shop.leave_attempt(noon() + TimeDelta::seconds(20)).await;

        clock.advance(-HOUR);
        let (stopping, work) = shop.work();

        wait_until(DEADLINE, async || shop.attempt_status(left).await == "aborted").await;
        stopping.cancel();
        work.await.unwrap();
    }

    async fn orders_live_on_when_the_clock_goes_back(location: Location) {
        let clock = MockClock::at(noon());
        let shop = shop(&location, &clock).await;
        let first = shop.place(&[(1, 1)], Some("first")).await;

        clock.advance(-HOUR);
        let second = shop.place(&[(1, 2)], Some("second")).await;
        let again = shop.place(&[(1, 1)], Some("first")).await;
        for to in ["CONFIRMED", "SHIPPED"] {
            shop.change(&format!("transitionOrder(id: 1, to: {to})")).await;
        }
        let shipped = shop.change("cancelOrder(id: 2)").await;

        assert_eq!((&first["order"]["id"], &second["order"]["id"]), (&json!("1"), &json!("2")));
        assert_eq!(again["order"]["id"], "1");
        assert_eq!(shipped["order"]["status"], "CANCELLED");
        assert_eq!(shop.stock(1).await, (4, 0));
        let moved = shop.change("transitionOrder(id: 1, to: DELIVERED)").await;
        let status = |status| json!({ "status": status });
        let events = ["PENDING", "CONFIRMED", "SHIPPED", "DELIVERED"].map(status);
        assert_eq!(moved["order"]["events"], json!(events));
        assert!(clock.now() < noon());
    }
}

#[test]
fn what_a_node_has_just_begun_is_not_over_for_one_whose_clock_is_behind() {
    // On SQLite there is one node.
    on_postgres(async |location| {
        let clock = MockClock::at(noon());
        let shop = shop(&location, &clock).await;
        let ahead = noon() + TimeDelta::seconds(30);
        let running = shop.leave_attempt(ahead + TimeDelta::seconds(20)).await;
        let over = shop.leave_attempt(noon() - TimeDelta::seconds(1)).await;
        let far = shop.leave_attempt(noon() + HOUR).await;

        let (stopping, work) = shop.work();
        for left in [over, far] {
            wait_until(DEADLINE, async || shop.attempt_status(left).await == "aborted").await;
        }

        assert_eq!(shop.attempt_status(running).await, "started");
        stopping.cancel();
        work.await.unwrap();
    });
}
