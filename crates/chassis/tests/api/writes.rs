//! What `Db::write` promises on either engine.

use crate::notes::{NOTES, Refusal, SUBGRAPH, insert, insert_in, migrations, open, texts};
use chassis::Db;
use chassis::db::{Access, Location};
use futures::future::join_all;
use testing::both_databases;

/// Writes a note and changes its mind.
async fn insert_and_fail(db: &Db, text: &str) -> Result<i64, Refusal> {
    let text = text.to_owned();
    db.write(move |tx| {
        let text = text.clone();
        Box::pin(async move {
            insert_in(tx, &text).await?;
            Err(Refusal::ChangedMind)
        })
    })
    .await
}

both_databases! {
    async fn what_was_acknowledged_is_there_for_everybody_and_after_reopening(location: Location) {
        let db = open(&location).await;
        let tables = migrations(&[NOTES]);
        let other = location.open_existing(SUBGRAPH, &tables, Access::ReadOnly).await.unwrap();

        for number in 0..20 {
            let text = format!("{number:02}");
            insert(&db, &text).await.unwrap();
            assert_eq!(texts(&other).await.last(), Some(&text), "read by another process");
        }
        db.close().await;
        other.close().await;

        let reopened = location.open(SUBGRAPH).await.unwrap();
        assert_eq!(texts(&reopened).await.len(), 20);
    }

    async fn a_write_that_fails_undoes_all_of_itself_and_nothing_else(location: Location) {
        let db = &open(&location).await;

        let outcomes = join_all((0..90).map(|number| async move {
            let text = format!("{number:02}");
            match number % 3 {
                0 => insert_and_fail(db, &text).await,
                _ => insert(db, &text).await,
            }
        }))
        .await;

        for (number, outcome) in outcomes.iter().enumerate() {
            match number % 3 {
                0 => assert!(matches!(outcome, Err(Refusal::ChangedMind)), "{outcome:?}"),
                _ => assert!(outcome.is_ok(), "{outcome:?}"),
            }
        }
        let expected: Vec<_> =
            (0..90).filter(|number| number % 3 != 0).map(|number| format!("{number:02}")).collect();
        assert_eq!(texts(db).await, expected);
    }

    async fn a_broken_rule_is_told_by_its_kind(location: Location) {
        let db = open(&location).await;
        insert(&db, "one").await.unwrap();

        let Err(Refusal::Database(twice)) = insert(&db, "one").await else { panic!("taken twice") };
        let negative = db
            .write(|tx| Box::pin(async {
                let update = tx.query("update note set amount = -1");
                Ok::<_, Refusal>(update.execute().await?)
            }))
            .await;
        let Err(Refusal::Database(negative)) = negative else { panic!("negative was taken") };

        assert!(twice.is_unique_violation() && !twice.is_check_violation(), "{twice}");
        assert!(negative.is_check_violation() && !negative.is_unique_violation(), "{negative}");
        assert_eq!(twice.code(), "INTERNAL_SERVER_ERROR");
        assert_eq!(texts(&db).await, ["one"]);
    }

    async fn an_id_is_never_used_again(location: Location) {
        let db = open(&location).await;
        let first = insert(&db, "one").await.unwrap();
        db.write(|tx| Box::pin(async {
            Ok::<_, Refusal>(tx.query("delete from note").execute().await?)
        }))
        .await
        .unwrap();

        let second = insert(&db, "two").await.unwrap();

        assert_eq!((first, second), (1, 2));
    }

    async fn statements_are_counted_and_transactions_are_not(location: Location) {
        let db = open(&location).await;
        let before = db.statement_count();

        insert(&db, "one").await.unwrap();
        texts(&db).await;

        assert_eq!(db.statement_count() - before, 2);
    }

    async fn a_closed_database_takes_nothing_and_says_to_try_again(location: Location) {
        let db = open(&location).await;
        db.close().await;

        let Err(Refusal::Database(error)) = insert(&db, "late").await else { panic!("taken") };

        assert_eq!(error.code(), "UNAVAILABLE", "{error}");
    }
}
