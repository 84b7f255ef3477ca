//! Bringing tables up to date.

use crate::notes::{NOTES, SUBGRAPH, insert, migrations, open, texts};
use chassis::db::Location;
use testing::both_databases;

const MORE: &str = "alter table note add column colour text";

both_databases! {
    async fn a_database_is_fresh_until_its_first_start_has_ended(location: Location) {
        let db = location.open(SUBGRAPH).await.unwrap();
        let set = migrations(&[NOTES]);

        assert!(db.migrate(&set).await.unwrap());
        insert(&db, "one").await.unwrap();
        db.close().await;
        let second = location.open(SUBGRAPH).await.unwrap();
        assert!(second.migrate(&set).await.unwrap());
        second.end_first_start().await.unwrap();
        assert!(!second.migrate(&set).await.unwrap());
        second.close().await;
        let third = location.open(SUBGRAPH).await.unwrap();
        assert!(!third.migrate(&set).await.unwrap());
        third.end_first_start().await.unwrap();
        assert_eq!(texts(&third).await, ["one"]);
    }

    async fn each_subgraph_has_tables_of_its_own(location: Location) {
        let one = open(&location).await;
        let other = location.open("other").await.unwrap();

        assert!(other.migrate(&migrations(&[NOTES])).await.unwrap());
        insert(&one, "mine").await.unwrap();

        assert_eq!(texts(&other).await, [""; 0]);
    }

    async fn a_newer_release_adds_to_what_is_there(location: Location) {
        let db = open(&location).await;
        insert(&db, "one").await.unwrap();

        db.migrate(&migrations(&[NOTES, MORE])).await.unwrap();

        let colours = db.query("select text from note where colour is null");
        let colours: Vec<(String,)> = colours.fetch_all().await.unwrap();
        assert_eq!(colours, [("one".to_owned(),)]);
    }

    async fn what_a_newer_release_wrote_is_left_alone(location: Location) {
        let db = location.open(SUBGRAPH).await.unwrap();
        db.migrate(&migrations(&[NOTES, MORE])).await.unwrap();

        let older = db.migrate(&migrations(&[NOTES])).await;

        assert!(older.is_err(), "an older release does not know this database");
    }

    async fn a_migration_that_fails_leaves_nothing_behind(location: Location) {
        let db = open(&location).await;

        let broken = "create table extra (extra_id bigint); create table note (x bigint)";
        assert!(db.migrate(&migrations(&[NOTES, broken])).await.is_err());

        let repaired = migrations(&[NOTES, "create table extra (extra_id bigint)"]);
        db.migrate(&repaired).await.unwrap();
        insert(&db, "one").await.unwrap();
    }
}
