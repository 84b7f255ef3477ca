//! SQLite's writer while the ground fails: somebody else's lock, a file that takes no more.

use crate::notes::{Held, Refusal, SUBGRAPH, insert, open, texts};
use chassis::Db;
use chassis::db::Location;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use std::time::{Duration, Instant};
use testing::databases::on_sqlite;
use testing::wait_until;
use tokio::task::JoinHandle;

const DEADLINE: Duration = Duration::from_secs(60);
/// How long SQLite itself waits for a lock; nobody who writes should have to.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a refusal may take once the stall is known.
const AT_ONCE: Duration = Duration::from_millis(100);

/// The lock of another process.
async fn lock(location: &Location) -> SqliteConnection {
    let Location::Directory(directory) = location else { panic!("{location:?}") };
    let file = directory.join(format!("{SUBGRAPH}.db"));
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::raw_sql("begin immediate").execute(&mut connection).await.unwrap();
    connection
}

/// How long it took until a write was refused.
async fn refused(db: &Db, text: &str) -> Duration {
    let start = Instant::now();
    let Err(Refusal::Database(error)) = insert(db, text).await else { panic!("{text} was taken") };
    assert_eq!(error.code(), "UNAVAILABLE", "{error}");
    start.elapsed()
}

#[test]
fn while_somebody_else_has_the_lock_writes_are_refused_at_once_and_reads_go_on() {
    on_sqlite(async |location| {
        let db = open(&location).await;
        insert(&db, "before").await.unwrap();
        let mut lock = lock(&location).await;

        // Two who wait together are refused together when the stall is noticed.
        let (first, second) = tokio::join!(refused(&db, "first"), refused(&db, "second"));
        assert!(first.max(second) < BUSY_TIMEOUT / 2, "{first:?} {second:?}");
        // For longer than SQLite waits for a lock, so that its giving up makes no gap.
        let (start, mut times) = (Instant::now(), Vec::new());
        while start.elapsed() < BUSY_TIMEOUT + BUSY_TIMEOUT / 2 {
            times.push(refused(&db, "later").await);
            assert_eq!(texts(&db).await, ["before"]);
        }
        times.sort();
        let at_once = times.iter().filter(|time| **time < AT_ONCE).count();
        assert!(at_once * 100 > times.len() * 95, "{:?}", times.last());

        sqlx::raw_sql("rollback").execute(&mut lock).await.unwrap();
        wait_until(DEADLINE, || async { insert(&db, "after").await.is_ok() }).await;
        assert_eq!(texts(&db).await, ["after", "before"]);
    });
}

#[test]
fn closing_does_not_wait_for_a_lock_that_nobody_gives_back() {
    on_sqlite(async |location| {
        let db = open(&location).await;
        let _lock = lock(&location).await;
        refused(&db, "late").await;

        tokio::time::timeout(DEADLINE, db.close()).await.unwrap();
    });
}

#[test]
fn a_write_that_takes_the_whole_transaction_with_it_leaves_the_others_a_reason_to_try_again() {
    on_sqlite(async |location| {
        let db = open(&location).await;
        // Without rules of its own: when the disk is full, SQLite undoes not only the statement.
        run(&db, &["create table bag (content text)"]).await.unwrap().unwrap();
        let held = Held::begin(&db).await;
        let small = run(&db, &["insert into bag values ('small')"]);
        wait_until(DEADLINE, || async { db.waiting_writes() == 1 }).await;
        let huge =
            run(&db, &["pragma max_page_count = 1", "insert into bag values (zeroblob(1e6))"]);
        wait_until(DEADLINE, || async { db.waiting_writes() == 2 }).await;

        let outcomes = [held.outcome().await, small.await.unwrap(), huge.await.unwrap()];

        for outcome in outcomes {
            let Err(Refusal::Database(error)) = outcome else { panic!("written") };
            assert_eq!(error.code(), "UNAVAILABLE", "{error}");
        }
        run(&db, &["pragma max_page_count = 1000000"]).await.unwrap().unwrap();
        insert(&db, "the writer lives on").await.unwrap();
        let (bags,): (i64,) = db.query("select count(*) from bag").fetch_one().await.unwrap();
        assert_eq!(bags, 0);
    });
}

/// Queues a write of these statements.
fn run(db: &Db, statements: &'static [&'static str]) -> JoinHandle<Result<(), Refusal>> {
    let db = db.clone();
    let work = async move {
        db.write(move |tx| {
            Box::pin(async move {
                for statement in statements {
                    tx.query(*statement).execute().await?;
                }
                Ok(())
            })
        })
        .await
    };
    tokio::spawn(work)
}
