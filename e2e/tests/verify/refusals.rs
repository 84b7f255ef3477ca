//! Databases that cannot be verified: one line that names the flag, and exit status 1.

use crate::shop::Shop;
use e2e::on_both_databases;
use testing::{Agora, Database};

on_both_databases! {
    async fn tables_of_another_release_are_refused(database: &Database) {
        let mut shop = Shop::on(database).await;
        shop.agora.terminate().await;
        shop.tamper("inventory", "update _sqlx_migrations set version = 9999 where version = 1").await;

        for verdict in [shop.verify().await, shop.repair().await] {
            assert!(!verdict.clean && verdict.summary.is_empty(), "{verdict:?}");
            assert_eq!(verdict.stderr.lines().count(), 1, "{verdict:?}");
            assert!(verdict.stderr.contains("another release"), "{verdict:?}");
            assert!(verdict.stderr.contains("--database-url"), "{verdict:?}");
        }
    }
}

#[tokio::test]
async fn a_directory_without_a_shop_stays_as_it_is() {
    let agora = Agora::start().await;
    let elsewhere = agora.data_dir().join("elsewhere");
    let url = format!("sqlite:{}", elsewhere.display());

    let output = agora.run(&["verify", "--inventory-database-url", &url]).await;

    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("--inventory-database-url"), "{stderr}");
    assert!(!elsewhere.exists(), "verifying made a directory");
}
