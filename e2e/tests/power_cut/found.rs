//! What is in the databases after a power cut.

use crate::disk::Image;
use crate::sessions::Told;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// How orders are where they are whole: with lines that add up, a first event and an attempt.
const HALVES: &str = "select count(*) from orders o
    where total <> coalesce((select sum(quantity * unit_price) from order_line l
                             where l.order_id = o.order_id), -1)
       or not exists (select 1 from order_event e
                      where e.order_id = o.order_id and e.status = 'pending')
       or not exists (select 1 from order_event e
                      where e.order_id = o.order_id and e.status = o.status)
       or not exists (select 1 from placement p
                      where p.reservation_id = o.reservation_id and p.status = 'placed')";
const ORDERS: &str = "select o.order_id, o.status, o.total, hex(o.reservation_id),
                             l.product_id, l.quantity
    from orders o join order_line l on l.order_id = o.order_id
    order by o.order_id, l.order_line_id";
/// Products whose counters are not the sums of their ledger.
const MISCOUNTED: &str = "select count(*) from stock_item i
    where on_hand <> (select coalesce(sum(on_hand_delta), 0) from stock_movement m
                      where m.product_id = i.product_id)
       or reserved <> (select coalesce(sum(reserved_delta), 0) from stock_movement m
                       where m.product_id = i.product_id)";
const RESERVATIONS: &str = "select hex(reservation_id) from reservation";
const WAITING: &str = "select (select count(*) from effect)
                             + (select count(*) from placement where status = 'started')";

#[derive(Debug)]
pub(crate) struct Order {
    status: String,
    total: i64,
    reservation: String,
    lines: Vec<(i64, i64)>,
}

pub(crate) type Orders = BTreeMap<i64, Order>;
pub(crate) type Reservations = BTreeSet<String>;

/// Writes an image where a database is opened.
pub(crate) fn lay_out(image: &Image, directory: &Path) {
    for file in fs::read_dir(directory).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    for (name, content) in image {
        fs::write(directory.join(name), content).unwrap();
    }
}

/// The orders; none of them is there by half.
pub(crate) async fn orders(directory: &Path, thorough: bool) -> Orders {
    let mut database = open(&directory.join("order.db"), thorough).await;
    assert_eq!(count(&mut database, HALVES).await, 0, "orders are there by half");
    type Row = (i64, String, i64, String, i64, i64);
    let rows: Vec<Row> = sqlx::query_as(ORDERS).fetch_all(&mut database).await.unwrap();
    database.close().await.unwrap();
    let mut orders = Orders::new();
    for (id, status, total, reservation, product, quantity) in rows {
        let new = || Order { status, total, reservation, lines: Vec::new() };
        orders.entry(id).or_insert_with(new).lines.push((product, quantity));
    }
    orders
}

/// The ids of the reservations; counters are the sums of the ledger.
pub(crate) async fn reservations(directory: &Path, thorough: bool) -> Reservations {
    let mut database = open(&directory.join("inventory.db"), thorough).await;
    assert_eq!(count(&mut database, MISCOUNTED).await, 0, "counters are not the ledger's sums");
    let ids: Vec<(String,)> = sqlx::query_as(RESERVATIONS).fetch_all(&mut database).await.unwrap();
    database.close().await.unwrap();
    ids.into_iter().map(|(id,)| id).collect()
}

/// Nothing is under way, and the inventory need not be told anything.
pub(crate) async fn is_settled(directory: &Path) -> bool {
    let mut database = open(&directory.join("order.db"), false).await;
    let waiting = count(&mut database, WAITING).await;
    database.close().await.unwrap();
    waiting == 0
}

/// Everything that clients knew at a time is there, and every order has its reservation.
pub(crate) fn compare(
    orders: &Orders,
    reservations: &Reservations,
    told: &BTreeMap<i64, Told>,
    time: i64,
) {
    for (id, told) in told {
        let known = told.statuses.iter().filter(|(_, at)| *at < time).count();
        let Some(last) = known.checked_sub(1) else { continue };
        let order = orders.get(id).unwrap_or_else(|| panic!("order {id} is lost: {told:?}"));
        assert_eq!((order.total, &order.lines), (told.total, &told.lines), "order {id}");
        let mut since = told.statuses[last..].iter();
        assert!(since.any(|(status, _)| *status == order.status), "{order:?} is not {told:?}");
    }
    for (id, order) in orders {
        assert!(reservations.contains(&order.reservation), "order {id} has no reservation");
    }
}

/// Without the right to write, so that the log is read and not copied into the database.
async fn open(file: &Path, thorough: bool) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    if thorough {
        let check = sqlx::query_as("pragma integrity_check");
        let (verdict,): (String,) = check.fetch_one(&mut database).await.unwrap();
        assert_eq!(verdict, "ok");
    }
    database
}

async fn count(database: &mut SqliteConnection, sql: &'static str) -> i64 {
    let (count,) = sqlx::query_as::<_, (i64,)>(sql).fetch_one(database).await.unwrap();
    count
}
