//! Reads that take too long, and reads whose caller is gone.

use crate::notes::{insert, open, texts};
use chassis::Db;
use chassis::db::{DbError, Location};
use futures::future::join_all;
use std::time::{Duration, Instant};
use testing::both_databases;
use tokio::time::timeout;

/// Reads that SQLite answers at the same time.
const READERS: usize = 4;

async fn endless(db: &Db) -> Result<(i64,), DbError> {
    db.query(
        "with recursive number (n) as (
             select cast(1 as bigint) union all select n + 1 from number)
         select max(n) from number",
    )
    .fetch_one()
    .await
}

both_databases! {
    async fn a_read_that_takes_too_long_is_interrupted_and_too_expensive(location: Location) {
        let db = open(&location).await;

        let error = endless(&db).await.unwrap_err();

        assert!(matches!(error, DbError::TooExpensive), "{error}");
        assert_eq!(error.code(), "QUERY_TOO_EXPENSIVE");
        insert(&db, "one").await.unwrap();
        assert_eq!(texts(&db).await, ["one"]);
    }

    async fn a_read_ends_when_its_caller_is_gone(location: Location) {
        let db = open(&location).await;
        let begun = Instant::now();
        let reads = (0..READERS).map(|_| timeout(Duration::from_millis(100), endless(&db)));
        for read in join_all(reads).await {
            assert!(read.is_err(), "it answered");
        }

        // No connection is left to those reads.
        assert_eq!(texts(&db).await, [""; 0]);

        // Their own deadline would have been later.
        assert!(begun.elapsed() < Duration::from_millis(1_400), "{:?}", begun.elapsed());
    }
}
