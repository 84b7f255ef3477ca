//! Rows that were lost or changed by hand, so that nobody knows what was true: they are found, and no
//! repair makes the rest agree with them.

use crate::shop::{STOCK, Shop};
use e2e::on_both_databases;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use testing::Database;

/// Units of the one order.
const UNITS: i64 = 3;

/// Changes behind the shop's back, what takes them back, and how the lines begin and end that tell.
struct Tear<'s> {
    subgraph: &'s str,
    sql: &'s [&'s str],
    back: &'s [&'s str],
    says: &'s [[&'s str; 2]],
}

/// It is found, and left as it is.
async fn is_found_and_left(shop: &Shop<'_>, says: &[[&str; 2]]) {
    let found = shop.verify().await;
    assert!(!found.clean && found.lines.len() == says.len(), "{found:?}");
    for (line, [start, end]) in found.lines.iter().zip(says) {
        assert!(line.starts_with(start) && line.ends_with(end), "{line} is not {start}…{end}");
    }

    let left = shop.repair().await;

    assert!(!left.clean, "{left:?}");
    assert_eq!(left.lines.len(), 2 * says.len(), "nothing was repaired: {left:?}");
    let told = left.lines.iter().filter(|line| line.starts_with("cannot be repaired: "));
    assert_eq!(told.count(), says.len(), "{left:?}");
    assert_eq!(shop.verify().await.lines, found.lines);
}

on_both_databases! {
    async fn what_was_lost_is_not_made_up(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.order(UNITS).await;
        shop.agora.terminate().await;

        for Tear { subgraph, sql, back, says } in [
            Tear {
                subgraph: "inventory",
                sql: &["update stock_movement set reserved_delta = 1 where kind = 'reserved'"],
                back: &["update stock_movement set reserved_delta = 3 where kind = 'reserved'"],
                says: &[
                    ["stock-counters: reservation ", "found held"],
                    ["stock-counters: product ", "found on_hand 1000 reserved 3"],
                ],
            },
            Tear {
                subgraph: "order",
                sql: &["update order_line set quantity = 2"],
                back: &["update order_line set quantity = 3"],
                says: &[
                    ["order-reservations: ", "expected 3 units in the order's lines, found 2"],
                    ["order-totals: order ", "found total 1500"],
                ],
            },
            Tear {
                subgraph: "order",
                sql: &["update order_line set quantity = 2", "update orders set total = 1000"],
                back: &["update order_line set quantity = 3", "update orders set total = 1500"],
                says: &[["order-reservations: ", "in the order's lines, found 2"]],
            },
            Tear {
                subgraph: "order",
                sql: &["insert into effect (reservation_id, kind, attempts, due_at, created_at)
                        select reservation_id, 'release', 0, created_at, created_at from orders"],
                back: &["delete from effect"],
                says: &[["order-reservations: ", "expected no effect that ends it, found held"]],
            },
            Tear {
                subgraph: "inventory",
                sql: &["update reservation set expires_at = created_at"],
                back: &["update reservation set expires_at = null"],
                says: &[["order-reservations: ", "expected no expiry, found held"]],
            },
        ] {
            for sql in sql {
                shop.tamper(subgraph, sql).await;
            }
            is_found_and_left(&shop, says).await;
            for sql in back {
                shop.tamper(subgraph, sql).await;
            }
            shop.verify().await.assert_clean();
        }

        shop.agora.restart().await;
        assert_eq!(shop.stock().await, (STOCK, UNITS));
    }
}

/// As a tool changes rows that does not ask SQLite to keep foreign keys.
async fn tamper_with_keys(database: &Database, sql: &'static str) {
    let file = database.directory().unwrap().join("order.db");
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn units_of_an_order_whose_attempt_is_missing_are_not_given_back() {
    let database = &Database::sqlite();
    let mut shop = Shop::on(database).await;
    shop.order(UNITS).await;
    shop.agora.terminate().await;
    let missing =
        "is pending and its attempt is missing): expected an attempt that is placed, found ";

    let other = "update orders set reservation_id = x'00000000000000000000000000000001'";
    tamper_with_keys(database, other).await;
    let says = [
        ["order-reservations: ", &format!("{missing}no such reservation")],
        ["held-reservations: ", "found held"],
    ];
    is_found_and_left(&shop, &says).await;

    let back = "update orders set reservation_id = (select reservation_id from placement)";
    tamper_with_keys(database, back).await;
    shop.verify().await.assert_clean();
    tamper_with_keys(database, "delete from placement").await;
    is_found_and_left(&shop, &[["order-reservations: ", &format!("{missing}held")]]).await;

    shop.agora.restart().await;
    assert_eq!(shop.stock().await, (STOCK, UNITS));
}
