//! `agora sample-data` with amounts fills a stopped shop, and the shop accepts what it finds.

use e2e::on_both_databases;
use serde_json::{Value, json};
use std::process::Output;
use testing::{Agora, Database};
use tokio::process::Command;

const LISTS: &str = "{
    users(first: 5) { totalCount nodes { firstName lastName orders(first: 2) { totalCount } } }
    products(first: 20) { totalCount nodes { name isActive price { amount } category { name }
        stockItem { onHand reserved } } }
    orders(first: 20) { totalCount nodes { status total { amount } createdAt
        lines { quantity unitPrice { amount } product { name } } } } }";
const BY_STATUS: &str = "query ($status: OrderStatus!) {
    orders(first: 1, filter: { status: $status }) { totalCount } }";
const STATUSES: [&str; 5] = ["PENDING", "CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"];
const AMOUNTS: [&str; 6] = ["--products", "300", "--users", "40", "--orders", "4100"];

async fn agora(database: &Database, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(testing::agora::binary());
    command.args(arguments).args(["--database-url", &database.url()]);
    command.env_remove("AGORA_DATABASE_URL").envs(variables.iter().copied()).output().await.unwrap()
}

async fn fill(database: &Database, seed: &str) -> Output {
    agora(database, &[&["sample-data", "--seed", seed], &AMOUNTS[..]].concat(), &[]).await
}

async fn assert_clean(database: &Database) {
    let output = agora(database, &["verify"], &[]).await;
    assert!(output.status.success(), "{output:?}");
}

/// What the lists of a shop on this database show.
async fn lists(database: &Database) -> Value {
    let shop = Agora::options().database(database).start().await;
    shop.data(LISTS, json!({})).await
}

on_both_databases! {
    async fn a_filled_shop_is_consistent_and_has_orders_of_every_status(database: &Database) {
        let output = fill(database, "7").await;
        assert!(output.status.success(), "{output:?}");
        let line = String::from_utf8(output.stderr).unwrap();
        let expected = "Added 40 users, 300 products and 4,100 orders: ";
        assert!(line.starts_with(expected) && line.lines().count() == 1, "{line}");
        assert_clean(database).await;

        let shop = Agora::options().database(database).sample_data().start().await;
        let data = shop.data(LISTS, json!({})).await;
        let count = |list: &str| data[list]["totalCount"].as_i64();
        let counts = (count("users"), count("products"), count("orders"));
        assert_eq!(counts, (Some(40), Some(300), Some(4_100)), "{data}");
        for status in STATUSES {
            let data = shop.data(BY_STATUS, json!({ "status": status })).await;
            assert!(data["orders"]["totalCount"].as_i64() > Some(10), "{status}: {data}");
        }
        let user = &data["users"]["nodes"][0]["orders"]["totalCount"];
        assert!(user.as_i64() > Some(4_100 / 20), "the first user has many orders: {user}");
    }

    async fn a_second_run_adds_to_the_first(database: &Database) {
        for _ in 0..2 {
            let output = fill(database, "7").await;
            assert!(output.status.success(), "{output:?}");
        }
        assert_clean(database).await;
        let data = lists(database).await;
        assert_eq!(data["users"]["totalCount"], 80, "{data}");
        assert_eq!(data["orders"]["totalCount"], 8_200, "{data}");
    }

    async fn an_interrupted_run_leaves_a_consistent_shop(database: &Database) {
        // Eight commits precede the orders: four new databases, users, categories, products, stock.
        // The three batches of orders have three each: placements, reservations, orders.
        for commits in 7..15 {
            let failpoint = format!("commit before={commits}*off->panic");
            let arguments = [&["sample-data"], &AMOUNTS[..]].concat();
            let output = agora(database, &arguments, &[("FAILPOINTS", &failpoint)]).await;
            assert!(!output.status.success(), "after {commits} commits: {output:?}");
            assert_clean(database).await;
        }
        let output = fill(database, "7").await;
        assert!(output.status.success(), "{output:?}");
        assert_clean(database).await;
    }
}

#[tokio::test]
async fn a_seed_gives_the_same_shop_again() {
    let shops = [Database::sqlite(), Database::sqlite(), Database::sqlite()];
    let mut found = Vec::new();
    for (shop, seed) in shops.iter().zip(["7", "7", "8"]) {
        assert!(fill(shop, seed).await.status.success());
        found.push(lists(shop).await);
    }
    assert_eq!(found[0], found[1]);
    assert_ne!(found[0], found[2]);
}

#[tokio::test]
async fn a_running_shop_is_refused() {
    let shop = Agora::start().await;
    let output = shop.run(&["sample-data", "--products", "1"]).await;
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("stop the shop"), "{stderr}");
}

#[tokio::test]
async fn orders_need_users_and_products() {
    let database = Database::sqlite();
    for amounts in [&["--orders", "1"][..], &["--orders", "1", "--users", "1"]] {
        let output = agora(&database, &[&["sample-data"], amounts].concat(), &[]).await;
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("--orders needs --products and --users"), "{stderr}");
    }
}
