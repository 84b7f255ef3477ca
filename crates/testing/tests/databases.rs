//! Every test has a database of its own, and nothing of it stays.
#![cfg(test)]

use chassis::db::{DbError, Location};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use testing::{Database, both_databases, wait_until};

both_databases! {
    async fn a_database_is_empty_and_takes_tables(location: Location) {
        let db = location.open("product").await.unwrap();

        let created = db
            .write::<_, DbError, _>(|tx| {
                Box::pin(async move {
                    tx.query("create table mug (mug_id bigint primary key)").execute().await?;
                    tx.query("insert into mug values (1)").execute().await
                })
            })
            .await;

        assert_eq!(created.unwrap(), 1);
        let (mugs,): (i64,) = db.query("select count(*) from mug").fetch_one().await.unwrap();
        assert_eq!(mugs, 1);
        db.close().await;
    }

    async fn two_subgraphs_have_two_databases(location: Location) {
        for subgraph in ["product", "order"] {
            let db = location.open(subgraph).await.unwrap();
            db.write::<_, DbError, _>(|tx| {
                Box::pin(async move { tx.query("create table mug (mug_id bigint)").execute().await })
            })
            .await
            .unwrap();
        }
    }
}

#[test]
fn a_directory_is_gone_with_its_database() {
    let database = Database::sqlite();
    let directory = PathBuf::from(database.directory().unwrap());
    std::fs::write(directory.join("product.db"), "").unwrap();

    drop(database);

    assert!(!directory.exists());
}

#[tokio::test]
async fn a_postgres_database_is_gone_with_its_owner_though_a_pool_is_open() {
    let Some(database) = Database::postgres() else { return };
    let location = database.location();
    let db = location.open("product").await.unwrap();

    drop(database);

    assert!(db.query("select 1").fetch_one::<(i32,)>().await.is_err());
    assert!(location.open("product").await.is_err());
}

#[tokio::test]
async fn a_cluster_ends_with_the_process_that_started_it_even_when_that_is_killed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_with-postgres"));
    command.env_remove(testing::postgres::VARIABLE);
    command.args(["sh", "-c", "echo \"$TEST_POSTGRES_URL\"; kill -9 $PPID"]);

    let output = command.output().unwrap();

    assert!(!output.status.success(), "it was not killed");
    let url = String::from_utf8(output.stdout).unwrap();
    let Some((_, socket)) = url.trim().split_once("?host=") else {
        return assert!(testing::postgres::server().is_none(), "it had no server: {url:?}");
    };
    let directory = PathBuf::from(socket.replace("%2F", "/"));
    assert!(directory.starts_with(std::env::temp_dir()), "{url}");
    wait_until(Duration::from_secs(20), || async { !directory.exists() }).await;
}

#[test]
fn the_status_of_the_command_is_the_status_of_with_postgres() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_with-postgres"));

    let status = command.args(["sh", "-c", "exit 7"]).status().unwrap();

    assert_eq!(status.code(), Some(7));
}
