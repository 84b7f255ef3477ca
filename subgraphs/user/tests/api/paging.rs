//! Lists of users, page by page.

use crate::accounts::{Accounts, code};
use chassis::db::Location;
use futures::FutureExt;
use serde_json::{Value, json};
use testing::both_databases;

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String) {
    users(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id } } nodes { id } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

async fn with_users(location: &Location, count: usize) -> Accounts {
    let accounts = Accounts::open(location).await;
    for user in 1..=count {
        accounts.insert(&format!("user{user}"), "!").await;
    }
    accounts
}

fn ids(page: &Value) -> Vec<&str> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["id"].as_str().unwrap()).collect()
}

both_databases! {
    async fn pages_forward_hold_every_user_once(location: Location) {
        let accounts = with_users(&location, 5).await;
        let mut after = Value::Null;
        let mut pages = Vec::new();

        loop {
            let data = accounts.data(PAGE, json!({ "first": 2, "after": after })).await;
            let page = &data["users"];
            assert_eq!(page["totalCount"], 5);
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !pages.is_empty());
            pages.push(ids(page).join(" "));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }

        assert_eq!(pages, ["1 2", "3 4", "5"]);
    }

    async fn pages_backward_hold_every_user_once_in_the_list_s_order(location: Location) {
        let accounts = with_users(&location, 5).await;
        let mut before = Value::Null;
        let mut pages = Vec::new();

        loop {
            let data = accounts.data(PAGE, json!({ "last": 2, "before": before })).await;
            let page = &data["users"];
            assert_eq!(page["pageInfo"]["hasNextPage"], !pages.is_empty());
            pages.push(ids(page).join(" "));
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }

        assert_eq!(pages, ["4 5", "2 3", "1"]);
    }

    async fn a_page_has_twenty_users_unless_told(location: Location) {
        let accounts = with_users(&location, 21).await;

        let data = accounts.data(PAGE, json!({})).await;
        let page = &data["users"];
        let largest = accounts.data(PAGE, json!({ "first": 100 })).await;

        assert_eq!(ids(page).len(), 20);
        assert_eq!(page["pageInfo"]["hasNextPage"], true);
        assert_eq!(page["pageInfo"]["endCursor"], page["edges"][19]["cursor"]);
        assert_eq!(ids(&largest["users"]).len(), 21);
    }

    async fn an_empty_list_is_a_page_too(location: Location) {
        let accounts = Accounts::open(&location).await;

        let data = accounts.data(PAGE, json!({})).await;

        let info = json!({
            "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null
        });
        let empty = json!({ "edges": [], "nodes": [], "totalCount": 0, "pageInfo": info });
        assert_eq!(data["users"], empty);
    }

    async fn a_page_that_is_none_is_refused(location: Location) {
        let accounts = with_users(&location, 1).await;
        // ["products by newest", 1] and ["users", "1"] in Base64.
        let (foreign, wrong) = ("WyJwcm9kdWN0cyBieSBuZXdlc3QiLDFd", "WyJ1c2VycyIsIjEiXQ");

        for variables in [
            json!({ "first": 0 }),
            json!({ "first": -1 }),
            json!({ "first": 101 }),
            json!({ "first": 10_000 }),
            json!({ "last": 0 }),
            json!({ "last": 101 }),
            json!({ "first": 1, "last": 1 }),
            json!({ "first": 1.5 }),
            json!({ "first": 4_294_967_296_i64 }),
            json!({ "after": "1" }),
            json!({ "after": foreign }),
            json!({ "before": foreign }),
            json!({ "after": wrong }),
        ] {
            let answer = accounts.answer(PAGE, variables.clone()).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{variables}");
        }
    }

    async fn users_are_counted_only_when_asked_and_profiles_come_together(location: Location) {
        let accounts = with_users(&location, 30).await;
        let statements = async |document: &str| {
            let before = accounts.db.statement_count();
            accounts.data(document, json!({})).await;
            accounts.db.statement_count() - before
        };

        assert_eq!(statements("{ users(first: 30) { nodes { id } } }").await, 1);
        assert_eq!(statements("{ users(first: 30) { totalCount nodes { id } } }").await, 2);
        let deep = "{ users(first: 30) { nodes { profile { user { profile { id } } } } } }";
        let few = statements(&deep.replace("30", "1")).await;
        assert_eq!(statements(deep).await, few);
    }
    async fn a_list_is_counted_exactly_up_to_ten_thousand(location: Location) {
        let accounts = Accounts::open(&location).await;
        let add = async |first: i64, last: i64| {
            let insert = accounts.db.write(move |tx| {
                let sql = "with recursive number (n) as (
                               select $1 union all select n + 1 from number where n < $2)
                           insert into account (username, email, first_name, last_name,
                                                password_hash, date_joined)
                           select 'user' || n, '', '', '', '!', '2026-01-01T00:00:00Z' from number";
                tx.query(sql).bind(first).bind(last).execute().boxed()
            });
            insert.await.unwrap();
        };
        let count = async || {
            let list = "{ users(first: 1) { totalCount totalCountIsExact } }";
            let before = accounts.db.statement_count();
            let data = accounts.data(list, json!({})).await;
            // Both fields are of one count.
            assert_eq!(accounts.db.statement_count() - before, 2);
            data["users"].clone()
        };

        add(1, 10_000).await;
        assert_eq!(count().await, json!({ "totalCount": 10_000, "totalCountIsExact": true }));
        add(10_001, 10_001).await;
        assert_eq!(count().await, json!({ "totalCount": 10_001, "totalCountIsExact": false }));
        add(10_002, 10_050).await;
        assert_eq!(count().await, json!({ "totalCount": 10_001, "totalCountIsExact": false }));
    }
}
