//! What only one of the engines does.

use crate::notes::{Held, Refusal, SUBGRAPH, insert, insert_in, open, texts};
use chassis::Db;
use chassis::db::DbError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testing::databases::{on_postgres, on_sqlite};
use testing::wait_until;
use tokio::sync::Barrier;
use tokio::task::JoinHandle;

/// Writes that the queue takes.
const QUEUE: usize = 1024;
const DEADLINE: Duration = Duration::from_secs(60);

/// What a queued write does.
#[derive(Clone, Copy)]
enum Work {
    Insert,
    InsertAndFail,
    InsertAndPanic,
}

fn queued(db: &Db, number: usize, work: Work) -> JoinHandle<Result<i64, Refusal>> {
    let db = db.clone();
    let write = async move {
        db.write(move |tx| {
            Box::pin(async move {
                let id = insert_in(tx, &format!("{number:04}")).await?;
                match work {
                    Work::Insert => Ok(id),
                    Work::InsertAndFail => Err(Refusal::ChangedMind),
                    Work::InsertAndPanic => panic!("a bug in a closure"),
                }
            })
        })
        .await
    };
    tokio::spawn(write)
}

#[test]
fn in_one_group_a_failure_and_a_panic_undo_only_themselves() {
    on_sqlite(async |location| {
        let db = open(&location).await;
        let held = Held::begin(&db).await;
        let works = [Work::Insert, Work::InsertAndFail, Work::InsertAndPanic, Work::Insert];
        let writes: Vec<_> = (0..40).map(|n| queued(&db, n, works[n % 4])).collect();
        wait_until(DEADLINE, || async { db.waiting_writes() == 40 }).await;

        held.end().await;

        for (number, write) in writes.into_iter().enumerate() {
            let outcome = write.await.unwrap();
            match works[number % 4] {
                Work::Insert => assert!(outcome.is_ok(), "{outcome:?}"),
                Work::InsertAndFail => assert!(matches!(outcome, Err(Refusal::ChangedMind))),
                Work::InsertAndPanic => assert!(matches!(outcome, Err(Refusal::Database(_)))),
            }
        }
        assert_eq!(texts(&db).await.len(), 20);
        insert(&db, "the writer lives on").await.unwrap();
    });
}

#[test]
fn a_full_queue_refuses_at_once_and_what_it_took_is_written() {
    on_sqlite(async |location| {
        let db = open(&location).await;
        let held = Held::begin(&db).await;
        let writes: Vec<_> = (0..QUEUE).map(|n| queued(&db, n, Work::Insert)).collect();
        wait_until(DEADLINE, || async { db.waiting_writes() == QUEUE }).await;

        let refused = insert(&db, "one too many").await;

        let Err(Refusal::Database(error)) = refused else { panic!("{refused:?}") };
        assert!(matches!(error, DbError::Busy), "{error}");
        assert_eq!(error.code(), "UNAVAILABLE");
        held.end().await;
        for write in writes {
            write.await.unwrap().unwrap();
        }
        assert_eq!(texts(&db).await.len(), QUEUE);
        assert_eq!(db.waiting_writes(), 0);
    });
}

#[test]
fn closing_waits_for_what_is_queued() {
    on_sqlite(async |location| {
        let db = open(&location).await;
        let held = Held::begin(&db).await;
        let writes: Vec<_> = (0..10).map(|n| queued(&db, n, Work::Insert)).collect();
        wait_until(DEADLINE, || async { db.waiting_writes() == 10 }).await;

        tokio::join!(db.close(), held.end());

        for write in writes {
            write.await.unwrap().unwrap();
        }
        assert_eq!(texts(&open(&location).await).await.len(), 10);
    });
}

#[test]
fn a_file_has_one_owner_until_it_is_closed() {
    on_sqlite(async |location| {
        let db = open(&location).await;

        let Err(second) = location.open(SUBGRAPH).await else { panic!("there are two") };

        assert!(matches!(second, DbError::Owned), "{second}");
        insert(&db, "the first is not disturbed").await.unwrap();
        location.open("another").await.unwrap().close().await;
        db.close().await;
        assert_eq!(texts(&open(&location).await).await.len(), 1);
    });
}

#[test]
fn reads_cannot_write() {
    on_sqlite(async |location| {
        let db = open(&location).await;

        let written = db.query("insert into note (text, amount) values ('x', 0)").execute().await;

        assert!(written.is_err());
        assert_eq!(texts(&db).await, [""; 0]);
    });
}

/// Adds 1 to both rows, in this order; at its first attempt it waits between them for the other.
async fn add_to_both(db: &Db, rows: [i64; 2], meeting: Arc<Barrier>) -> (usize, usize) {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let done: Result<usize, Refusal> = db
        .write(move |tx| {
            let (attempts, meeting) = (Arc::clone(&counted), Arc::clone(&meeting));
            Box::pin(async move {
                let first = attempts.fetch_add(1, Ordering::SeqCst) == 0;
                for (place, row) in rows.into_iter().enumerate() {
                    if first && place == 1 {
                        meeting.wait().await;
                    }
                    let add = tx.query("update note set amount = amount + 1 where note_id = $1");
                    add.bind(row).execute().await?;
                }
                Ok(rows.len())
            })
        })
        .await;
    (done.unwrap(), attempts.load(Ordering::SeqCst))
}

#[test]
fn of_two_writes_that_wait_for_each_other_one_is_tried_again() {
    on_postgres(async |location| {
        let db = open(&location).await;
        let (one, two) = (insert(&db, "1").await.unwrap(), insert(&db, "2").await.unwrap());
        let meeting = Arc::new(Barrier::new(2));

        let (first, second) = tokio::join!(
            add_to_both(&db, [one, two], Arc::clone(&meeting)),
            add_to_both(&db, [two, one], meeting)
        );

        assert_eq!((first.0, second.0), (2, 2));
        assert!(first.1 + second.1 > 2, "there was no deadlock to survive");
        let amounts = db.query("select amount from note order by note_id");
        let amounts: Vec<(i64,)> = amounts.fetch_all().await.unwrap();
        assert_eq!(amounts, [(2,), (2,)]);
    });
}
