//! Each invariant is broken by hand, reported, mended, and whole again.

use crate::shop::{DEADLINE, STOCK, Shop};
use e2e::on_both_databases;
use serde_json::json;
use testing::{Database, wait_until};

/// A change behind the shop's back, and the line that tells of it.
struct Break<'s> {
    subgraph: &'s str,
    sql: String,
    says: [&'s str; 2],
}

/// Breaks, sees it reported, mends it, sees it whole; mending again changes nothing.
async fn breaks_and_mends(shop: &Shop<'_>, broken: Break<'_>) {
    let Break { subgraph, sql, says: [start, end] } = broken;
    shop.verify().await.assert_clean();
    shop.tamper(subgraph, &sql).await;

    let found = shop.verify().await;
    assert!(!found.clean, "{sql}: {found:?}");
    assert!(found.stderr.starts_with("agora: 1 violation: "), "{sql}: {found:?}");
    assert!(found.line().starts_with(start) && found.line().ends_with(end), "{sql}: {found:?}");
    let told_twice = shop.verify().await;
    assert_eq!(found.lines, told_twice.lines, "verifying changed something");

    let mended = shop.repair().await;
    assert!(mended.clean, "{sql}: {mended:?}");
    assert_eq!(mended.lines.len(), 2, "{sql}: {mended:?}");
    assert_eq!(mended.lines[0], found.lines[0]);
    assert!(mended.lines[1].starts_with("repaired: "), "{sql}: {mended:?}");

    shop.verify().await.assert_clean();
    shop.repair().await.assert_clean();
}

on_both_databases! {
    async fn counters_become_what_the_ledger_says(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.order(3).await;
        shop.agora.terminate().await;
        let mug = &shop.mug;
        let right = format!("expected on_hand {STOCK} reserved 3, found");
        let start = format!("stock-counters: product {mug}: {right} ");

        for (change, end) in [
            ("update stock_item set on_hand = on_hand - 1", "on_hand 999 reserved 3"),
            ("update stock_item set reserved = 0", "on_hand 1000 reserved 0"),
            ("delete from stock_item", "no stock item"),
        ] {
            let sql = format!("{change} where product_id = {mug}");
            let says = [start.as_str(), end];
            breaks_and_mends(&shop, Break { subgraph: "inventory", sql, says }).await;
        }

        shop.agora.restart().await;
        assert_eq!(shop.stock().await, (STOCK, 3));
    }

    async fn a_reservation_becomes_what_its_movements_say(database: &Database) {
        let mut shop = Shop::on(database).await;
        let order = shop.order(3).await;
        shop.move_to(&order, "SHIPPED").await;
        shop.agora.terminate().await;
        let sql = "update reservation set status = 'held'".to_owned();

        shop.tamper("inventory", &sql).await;
        let found = shop.verify().await;

        // Its order misses it, too.
        let [status, order] = found.lines.try_into().unwrap();
        assert!(status.starts_with("stock-counters: reservation "), "{status}");
        assert!(status.ends_with(
            ": expected fulfilled after reserved 3 released 0 fulfilled 3 returned 0, found held"
        ), "{status}");
        assert!(order.starts_with("order-reservations: reservation "), "{order}");
        let mended = shop.repair().await;
        assert!(mended.clean, "{mended:?}");
        shop.verify().await.assert_clean();
        shop.agora.restart().await;
        assert_eq!(shop.stock().await, (STOCK - 3, 0));
    }

    async fn what_is_held_for_nobody_is_given_back(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.order(1).await;
        let lost = shop.order(2).await;
        let aborted = shop.order(3).await;
        let reserve = "mutation ($input: ReserveStockInput!) { reserveStock(input: $input) {
            reservation { id } userErrors { message } } }";
        let lines = json!([{ "productId": shop.mug, "quantity": 4 }]);
        let expiring = json!({ "id": "019a4b6e-3c00-7000-8000-00000000000a",
            "lines": lines, "expiresAt": "2100-01-01T00:00:00Z" });
        shop.payload(reserve, json!({ "input": expiring })).await;
        shop.agora.terminate().await;

        let start = "held-reservations: reservation ";
        breaks_and_mends(&shop, Break {
            subgraph: "order",
            sql: format!("delete from orders where order_id = {lost}"),
            says: [start, " (its order was deleted): expected released or fulfilled, or that \
                effect waiting, found held"],
        }).await;
        let sql = format!("update placement set status = 'aborted' where reservation_id =
            (select reservation_id from orders where order_id = {aborted})");
        shop.tamper("order", &sql).await;
        breaks_and_mends_after(&shop, &aborted, start).await;

        shop.agora.restart().await;
        // What expires is left to its time.
        wait_until(DEADLINE, || async { shop.stock().await == (STOCK, 1 + 4) }).await;
        shop.verify().await.assert_clean();
    }

    async fn an_order_gets_the_effect_that_it_misses(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.order(1).await;
        let [shipped, cancelled, started] =
            [shop.order(2).await, shop.order(3).await, shop.order(4).await];
        shop.agora.terminate().await;
        let start = "order-reservations: reservation ";
        let moved = |order: &str, status: &str| format!(
            "update orders set status = '{status}' where order_id = {order}"
        );

        let end = format!("(order {shipped} is shipped): \
            expected fulfilled, or that effect waiting, found held");
        let (sql, says) = (moved(&shipped, "shipped"), [start, end.as_str()]);
        breaks_and_mends(&shop, Break { subgraph: "order", sql, says }).await;
        let end = format!("(order {cancelled} is cancelled): \
            expected released, or that effect waiting, found held");
        let (sql, says) = (moved(&cancelled, "cancelled"), [start, end.as_str()]);
        breaks_and_mends(&shop, Break { subgraph: "order", sql, says }).await;
        let sql = format!("update placement set status = 'started' where reservation_id =
            (select reservation_id from orders where order_id = {started})");
        let end = format!("(order {started} is pending and its attempt only started): \
            expected an attempt that is placed, found held");
        breaks_and_mends(&shop, Break { subgraph: "order", sql, says: [start, &end] }).await;

        shop.agora.restart().await;
        wait_until(DEADLINE, || async { shop.stock().await == (STOCK - 2, 1 + 4) }).await;
        assert_eq!(shop.order_count().await, 4);
        shop.verify().await.assert_clean();
    }

    async fn totals_are_added_up_and_the_later_order_loses_a_key(database: &Database) {
        let mut shop = Shop::on(database).await;
        let order = shop.order(2).await;
        let later = shop.order(3).await;
        shop.agora.terminate().await;

        let start = format!("order-totals: order {order}: expected total 1000, found ");
        let sql = format!("update orders set total = 999 where order_id = {order}");
        let says = [start.as_str(), "total 999"];
        breaks_and_mends(&shop, Break { subgraph: "order", sql, says }).await;

        shop.tamper("order", "drop index placement_key").await;
        let sql = "update placement set idempotency_key = 'one for two'".to_owned();
        let start = format!("order-totals: order {later}: expected one order of user 1 with key \
            \"one for two\", found order ");
        let end = format!("{order} with the same");
        let says = [start.as_str(), end.as_str()];
        breaks_and_mends(&shop, Break { subgraph: "order", sql, says }).await;
    }

    async fn a_running_shop_is_mended_and_told(database: &Database) {
        let shop = Shop::on(database).await;
        let order = shop.order(5).await;
        let lost = format!("update orders set status = 'cancelled' where order_id = {order}");
        shop.tamper("order", &lost).await;
        let counter = "update stock_item set on_hand = on_hand + 7";
        shop.tamper("inventory", counter).await;

        let mended = shop.repair().await;

        assert!(mended.clean && mended.lines.len() == 4, "{mended:?}");
        wait_until(DEADLINE, || async { shop.stock().await == (STOCK, 0) }).await;
        shop.verify().await.assert_clean();
    }
}

/// An attempt that was aborted by hand and whose order is lost then.
async fn breaks_and_mends_after(shop: &Shop<'_>, order: &str, start: &str) {
    let found = shop.verify().await;
    let reported = format!("(order {order} is pending and its attempt aborted)");
    assert!(found.line().contains(&reported), "{found:?}");
    shop.tamper("order", &format!("delete from orders where order_id = {order}")).await;

    let found = shop.verify().await;
    assert!(found.line().starts_with(start), "{found:?}");
    let end = "(its attempt was aborted): expected not held, or a release waiting, found held";
    assert!(found.line().ends_with(end), "{found:?}");
    let mended = shop.repair().await;
    assert!(mended.clean && mended.lines[1].ends_with("recorded the effect release"), "{mended:?}");
    shop.verify().await.assert_clean();
}
