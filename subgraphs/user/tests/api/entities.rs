//! What the router asks for: users and profiles by their keys.

use crate::accounts::Accounts;
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

const ENTITIES: &str = "query($representations: [_Any!]!) {
    _entities(representations: $representations) {
        ... on User { id username }
        ... on Profile { id user { id } }
    }
}";

/// Representations of one request; the last five of the users do not exist.
const USERS: usize = 50;
const MISSING: usize = 5;

both_databases! {
    async fn a_hundred_entities_come_in_their_order_from_one_statement_a_type(location: Location) {
        let accounts = Accounts::open(&location).await;
        for user in 1..=USERS - MISSING {
            accounts.insert(&format!("user{user}"), "!").await;
        }
        // Neither ascending nor without repetition.
        let keys: Vec<usize> = (0..2 * USERS).map(|n| n * 7 % USERS + 1).collect();
        let user = |id: &usize| json!({ "__typename": "User", "id": id.to_string() });
        let representations: Vec<_> = keys.iter().map(user).collect();
        let before = accounts.db.statement_count();

        let data = accounts.data(ENTITIES, json!({ "representations": representations })).await;

        assert_eq!(accounts.db.statement_count() - before, 1);
        let expected = |id: &usize| match *id {
            id if id > USERS - MISSING => Value::Null,
            id => json!({ "id": id.to_string(), "username": format!("user{id}") }),
        };
        let expected: Vec<_> = keys.iter().map(expected).collect();
        assert_eq!(data["_entities"], json!(expected));
    }

    async fn users_and_profiles_may_be_mixed(location: Location) {
        let accounts = Accounts::open(&location).await;
        for user in 1..=3 {
            accounts.insert(&format!("user{user}"), "!").await;
        }
        let representations = json!([
            { "__typename": "Profile", "id": "3" },
            { "__typename": "User", "id": "1" },
            { "__typename": "Profile", "id": "9" },
            { "__typename": "Profile", "id": "2" },
        ]);

        let data = accounts.data(ENTITIES, json!({ "representations": representations })).await;

        let expected = json!([
            { "id": "3", "user": { "id": "3" } },
            { "id": "1", "username": "user1" },
            null,
            { "id": "2", "user": { "id": "2" } },
        ]);
        assert_eq!(data["_entities"], expected);
    }

    async fn a_reference_with_a_wrong_id_is_null_and_its_neighbours_are_there(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.insert("user1", "!").await;

        for wrong in ["abc", "0", "-1", "1.5", "", "99999999999999999999"] {
            for name in ["User", "Profile"] {
                let representations = json!([
                    { "__typename": "User", "id": "1" },
                    { "__typename": name, "id": wrong },
                    { "__typename": "User", "id": "1" },
                ]);
                let variables = json!({ "representations": representations });
                let data = accounts.data(ENTITIES, variables).await;
                let user = json!({ "id": "1", "username": "user1" });
                assert_eq!(data["_entities"], json!([user, null, user]), "{wrong:?}");
            }
        }
    }
}
