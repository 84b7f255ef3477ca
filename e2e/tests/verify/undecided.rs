//! What no effect can mend is said, with what a person can do, and nothing is deleted.

use crate::shop::{DEADLINE, STOCK, Shop};
use e2e::on_both_databases;
use testing::{Database, wait_until};

on_both_databases! {
    async fn an_order_whose_units_are_gone_is_left_to_a_person(database: &Database) {
        let mut shop = Shop::on(database).await;
        let order = shop.order(2).await;
        shop.move_to(&order, "CANCELLED").await;
        shop.agora.terminate().await;
        let sql = format!("update orders set status = 'pending' where order_id = {order}");
        shop.tamper("order", &sql).await;

        let left = shop.repair().await;

        assert!(!left.clean && left.lines.len() == 2, "{left:?}");
        assert!(left.lines[0].ends_with("is pending): expected held, found released"), "{left:?}");
        assert!(left.lines[1].starts_with("cannot be repaired: reservation "), "{left:?}");
        assert!(left.lines[1].contains("cancel the order"), "{left:?}");

        // What it says helps.
        shop.agora.restart().await;
        assert_eq!(shop.order_count().await, 1);
        shop.move_to(&order, "CANCELLED").await;
        shop.verify().await.assert_clean();
    }

    async fn a_ledger_that_no_counters_can_follow_is_left_to_a_person(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.order(2).await;
        shop.agora.terminate().await;
        let sql = "delete from stock_movement where kind = 'counted'";
        shop.tamper("inventory", sql).await;

        let left = shop.repair().await;

        assert!(!left.clean && left.lines.len() == 2, "{left:?}");
        assert!(left.lines[0].ends_with("found on_hand 1000 reserved 2"), "{left:?}");
        assert!(left.lines[1].contains("from a backup"), "{left:?}");
        assert_eq!(shop.verify().await.lines, left.lines[..1]);
    }

    async fn what_a_crash_left_half_done_is_no_violation(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.order(1).await;
        let clients = futures::future::join_all((0..6).map(|_| async {
            while shop.try_order(1, None).await.is_some() {}
        }));
        let killed = async {
            wait_until(DEADLINE, || async { shop.order_count().await > 20 }).await;
            shop.agora.signal("KILL");
        };
        futures::join!(clients, killed);

        shop.verify().await.assert_clean();
        shop.agora.restart().await;
        shop.verify().await.assert_clean();
        let orders = shop.order_count().await;
        wait_until(DEADLINE, || async { shop.stock().await == (STOCK, orders) }).await;
        let verdict = shop.verify().await;
        verdict.assert_clean();
        let totals = ("order-totals".to_owned(), orders, 0);
        assert_eq!(verdict.summary.last(), Some(&totals), "{verdict:?}");
    }
}
