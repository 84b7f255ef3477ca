//! Databases opened as they are, and looks at them that stay at one moment.

use crate::notes::{NOTES, SUBGRAPH, insert, migrations, open};
use chassis::db::{Access, DbError, ExistingError, Location, Snapshot};
use futures::TryStreamExt;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use testing::databases::on_sqlite;

async fn texts(snapshot: &mut Snapshot) -> Vec<String> {
    let rows = snapshot.query("select text from note order by text").fetch::<(String,)>();
    rows.map_ok(|(text,)| text).try_collect().await.unwrap()
}

testing::both_databases! {
    async fn a_snapshot_does_not_see_what_is_written_after_its_first_look(location: Location) {
        let db = open(&location).await;
        insert(&db, "a").await.unwrap();
        let mut snapshot = db.snapshot().await.unwrap();
        assert_eq!(texts(&mut snapshot).await, ["a"]);

        insert(&db, "b").await.unwrap();

        assert_eq!(texts(&mut snapshot).await, ["a"]);
        assert_eq!(texts(&mut db.snapshot().await.unwrap()).await, ["a", "b"]);
    }

    async fn a_database_opened_as_it_is_is_neither_made_nor_changed(location: Location) {
        let wanted = migrations(&[NOTES]);
        let missing = location.open_existing(SUBGRAPH, &wanted, Access::ReadWrite).await;
        assert!(matches!(missing, Err(ExistingError::Missing)));

        let db = open(&location).await;
        insert(&db, "a").await.unwrap();
        let same = location.open_existing(SUBGRAPH, &wanted, Access::ReadOnly).await.unwrap();
        assert_eq!(texts(&mut same.snapshot().await.unwrap()).await, ["a"]);
        assert!(insert(&same, "b").await.is_err(), "it was opened for reading");

        let newer = migrations(&[NOTES, "create table more (more_id bigint)"]);
        let other = location.open_existing(SUBGRAPH, &newer, Access::ReadOnly).await;
        assert!(matches!(other, Err(ExistingError::OtherRelease)));
        let respelled = migrations(&["create table note (note_id bigint)"]);
        let other = location.open_existing(SUBGRAPH, &respelled, Access::ReadWrite).await;
        assert!(matches!(other, Err(ExistingError::OtherRelease)));
    }

    async fn one_may_write_beside_the_owner_when_that_is_asked_for(location: Location) {
        let owner = open(&location).await;
        let wanted = migrations(&[NOTES]);
        let guest = location.open_existing(SUBGRAPH, &wanted, Access::ReadWrite).await.unwrap();

        insert(&guest, "a").await.unwrap();
        insert(&owner, "b").await.unwrap();

        let seen: Result<Vec<(String,)>, DbError> =
            owner.query("select text from note order by text").fetch_all().await;
        assert_eq!(seen.unwrap().len(), 2);
    }
}

#[test]
fn a_copy_without_a_log_can_be_read() {
    on_sqlite(async |location| {
        let Location::Directory(directory) = &location else { panic!("{location:?}") };
        let db = open(&location).await;
        insert(&db, "a").await.unwrap();
        db.close().await;
        let target = directory.join("copies");
        std::fs::create_dir(&target).unwrap();
        let name = format!("{SUBGRAPH}.db");
        let options = SqliteConnectOptions::new().filename(directory.join(&name));
        let mut connection = options.connect().await.unwrap();
        let vacuum = sqlx::query("vacuum into $1").bind(target.join(name).display().to_string());
        vacuum.execute(&mut connection).await.unwrap();

        let wanted = migrations(&[NOTES]);
        let copies = Location::Directory(target);
        let copy = copies.open_existing(SUBGRAPH, &wanted, Access::ReadOnly).await.unwrap();

        assert_eq!(texts(&mut copy.snapshot().await.unwrap()).await, ["a"]);
    });
}
