//! Attempts that somebody began and nobody ends, and those that somebody will.

use crate::door::Gate;
use crate::shop::Shop;
use chassis::db::Location;
use chrono::TimeDelta;
use commerce::{Clock, SystemClock};
use std::time::Duration;
use testing::{both_databases, wait_until};

const DEADLINE: Duration = Duration::from_secs(60);

both_databases! {
    async fn an_abandoned_attempt_gives_back_what_it_reserved(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 5).await;
        // A process died after it had reserved three units.
        let past = SystemClock.now() - TimeDelta::seconds(1);
        let reservation = shop.leave_attempt(past).await;
        shop.reserve(reservation, 3).await;
        assert_eq!(shop.stock(1).await, (5, 3));

        // Two nodes sweep at once.
        let ((stopping, work), (also_stopping, more_work)) = (shop.work(), shop.work());
        wait_until(DEADLINE, async || shop.stock(1).await == (5, 0)).await;
        wait_until(DEADLINE, async || shop.attempt_status(reservation).await == "aborted").await;

        for (token, work) in [(stopping, work), (also_stopping, more_work)] {
            token.cancel();
            work.await.unwrap();
        }
        assert_eq!(shop.stock(1).await, (5, 0));
    }
    async fn an_attempt_that_somebody_works_on_is_left_alone(location: Location) {
        let gate = Gate::new().await;
        let peer = |_| gate.peer(inventory::NAME);
        let mut shop = Shop::with_inventory(&location, peer).await;
        shop.fill(&["1.00"], 5).await;
        // Where there is but one process, one that died is given up before its time, and here after
        // the other, whose time ends sooner.
        let end = match location {
            Location::Directory(_) => SystemClock.now() + TimeDelta::minutes(1),
            Location::Postgres(_) => SystemClock.now() - TimeDelta::seconds(1),
        };

        let (placed, (stopping, work)) = tokio::join!(shop.place(&[(1, 2)], None), async {
            let reserving = gate.caller().await;
            let dead = shop.leave_attempt(end).await;
            let work = shop.work();
            wait_until(DEADLINE, async || shop.attempt_status(dead).await == "aborted").await;
            Gate::let_through(reserving, &shop.inventory).await;
            work
        });

        assert_eq!(placed["order"]["status"], "PENDING", "{placed}");
        assert_eq!(shop.stock(1).await, (5, 2));
        stopping.cancel();
        work.await.unwrap();
    }
}
