//! PostgreSQL that goes away and comes back while orders are placed.

use crate::shop::{DEADLINE, Shop, Told, assert_unavailable};
use futures::future::join_all;
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use testing::postgres::Cluster;
use testing::{Agora, Database, skipped, wait_until};

/// Clients who place orders at the same time, and how many each.
const CLIENTS: usize = 8;
const ORDERS: usize = 12;
/// Clients who wait for a lock: more than there are connections.
const WAITING: usize = 40;
/// How often every connection is cut.
const CUTS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_survive_a_server_that_crashes_and_starts_again() {
    let Some(mut cluster) = cluster() else { return };
    let database = Database::on(cluster.url());
    let shop = Shop::open(Agora::options().database(&database)).await;
    let before = shop.order_count().await;

    let placed = AtomicUsize::new(0);
    let orders = place_all(&shop, &placed);
    let crash = async {
        wait_until(DEADLINE, || async { placed.load(Ordering::Relaxed) >= CLIENTS }).await;
        cluster.stop().unwrap();
        assert_unavailable(&shop.rest_order().await);
        assert_eq!(shop.rest_get("/orders/").await, 503, "{}", shop.agora.output());
        cluster.start_again().unwrap();
    };
    let (orders, ()) = tokio::join!(orders, crash);

    assert_exact(&shop, before, &orders).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_survive_connections_that_are_cut_at_any_moment() {
    let Some(cluster) = cluster() else { return };
    let database = Database::on(cluster.url());
    let shop = Shop::open(Agora::options().database(&database)).await;
    let before = shop.order_count().await;

    let (placed, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let orders = async {
        let orders = place_all(&shop, &placed).await;
        done.store(true, Ordering::Relaxed);
        orders
    };
    let cuts = async {
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        let mut cut = 0;
        // Each time something was placed since, so that the work gets done all the same.
        for round in 0..CUTS {
            wait_until(DEADLINE, || async {
                placed.load(Ordering::Relaxed) > round || done.load(Ordering::Relaxed)
            })
            .await;
            let killed: Vec<(bool,)> = sqlx::query_as(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()",
            )
            .fetch_all(&mut connection)
            .await
            .unwrap();
            cut += killed.len();
        }
        cut
    };
    let (orders, cut) = tokio::join!(orders, cuts);

    assert!(cut > CUTS, "{cut} connections were cut");
    assert_exact(&shop, before, &orders).await;
}

#[tokio::test]
async fn while_another_session_locks_the_tables_orders_are_refused_and_can_be_read() {
    let Some(database) = Database::postgres() else { return };
    let shop = Shop::open(Agora::options().database(&database)).await;
    let before = shop.order_count().await;
    let mut session = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::raw_sql("begin; lock table \"order\".placement in exclusive mode")
        .execute(&mut session)
        .await
        .unwrap();

    let orders = join_all((0..WAITING).map(|_| shop.rest_order()));
    let reads = async {
        for _ in 0..5 {
            shop.assert_readable().await;
        }
    };
    let (orders, ()) = tokio::join!(orders, reads);
    for order in &orders {
        assert_unavailable(order);
    }
    let told = shop.place("kept").await;
    assert!(matches!(told, Told::TryAgain(_)), "{told:?}");

    session.close().await.unwrap();
    shop.must_place("kept").await;
    shop.assert_settles_at(before + 1).await;
    shop.assert_verified(&[]).await;
}

/// A server of our own: the one that the tests share must not be stopped.
fn cluster() -> Option<Cluster> {
    match Cluster::start() {
        Ok(cluster) => Some(cluster),
        Err(reason) => {
            skipped("faults of PostgreSQL", &reason);
            None
        }
    }
}

/// All orders of all clients. Each has a key of its own and is asked for until it is there.
async fn place_all(shop: &Shop, placed: &AtomicUsize) -> Vec<String> {
    let clients = (0..CLIENTS).map(|client| async move {
        let mut orders = Vec::new();
        for number in 0..ORDERS {
            orders.push(shop.must_place(&format!("{client}/{number}")).await);
            placed.fetch_add(1, Ordering::Relaxed);
        }
        orders
    });
    join_all(clients).await.concat()
}

async fn assert_exact(shop: &Shop, before: i64, orders: &[String]) {
    let distinct: BTreeSet<_> = orders.iter().collect();
    assert_eq!(distinct.len(), CLIENTS * ORDERS, "two keys have one order");
    for (client, first) in orders.chunks(ORDERS).map(|orders| &orders[0]).enumerate() {
        assert_eq!(&shop.must_place(&format!("{client}/0")).await, first);
    }
    shop.assert_settles_at(before + (CLIENTS * ORDERS) as i64).await;
    shop.assert_verified(&[]).await;
}
