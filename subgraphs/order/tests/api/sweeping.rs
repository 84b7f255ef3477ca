//! Attempts that somebody began and nobody ends.

use crate::shop::Shop;
use chassis::db::Location;
use chrono::TimeDelta;
use commerce::{Clock, SystemClock};
use std::time::Duration;
use testing::{both_databases, wait_until};

const DEADLINE: Duration = Duration::from_secs(20);

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
}
