//! Verifying beside a server that writes all the time.

use crate::shop::Shop;
use e2e::on_both_databases;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use testing::Database;

/// Clients who place, move and delete.
const CLIENTS: usize = 10;
/// How often it is verified meanwhile.
const ROUNDS: usize = 16;
/// Who verifies at the same time: the more looks, the likelier one falls between two writes.
const AUDITORS: usize = 3;

on_both_databases! {
    async fn a_busy_shop_is_never_accused(database: &Database) {
        let shop = &Shop::on(database).await;
        shop.order(1).await;
        let (stop, done) = (&AtomicBool::new(false), &AtomicI64::new(0));
        let clients = (0..CLIENTS).map(|client| async move {
            for step in client.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let Some(order) = shop.try_order(1, None).await else { continue };
                match step % 4 {
                    0 => drop(shop.move_to(&order, "CANCELLED").await),
                    1 => drop(shop.move_to(&order, "SHIPPED").await),
                    2 => shop.delete(&order).await,
                    _ => {
                        shop.move_to(&order, "SHIPPED").await;
                        shop.move_to(&order, "CANCELLED").await;
                    }
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
        let verified = async {
            let mut seen = 0;
            for round in 0..ROUNDS {
                let audit = async || match round % 3 {
                    2 => shop.repair().await,
                    _ => shop.verify().await,
                };
                let verdicts = futures::future::join_all((0..AUDITORS).map(|_| audit())).await;
                for verdict in &verdicts {
                    verdict.assert_clean();
                    assert!(verdict.summary[2].1 >= seen, "{verdict:?}");
                }
                seen = verdicts[0].summary[2].1;
            }
            stop.store(true, Ordering::Relaxed);
        };

        futures::join!(futures::future::join_all(clients), verified);

        assert!(done.load(Ordering::Relaxed) > CLIENTS as i64, "the shop was not busy");
        shop.verify().await.assert_clean();
    }
}
