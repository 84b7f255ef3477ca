//! The life of an account.

use crate::accounts::{Accounts, DELETE, START, UPDATE, UPDATE_PROFILE, code, faults};
use chassis::db::Location;
use chrono::TimeDelta;
use serde_json::{Value, json};
use testing::both_databases;

const LATER: &str = "2026-01-31T09:31:00.123456Z";

both_databases! {
    async fn a_new_user_has_a_profile_and_can_be_read(location: Location) {
        let accounts = Accounts::open(&location).await;

        let created = accounts
            .create(json!({
                "username": "john_doe", "password": "password123", "email": "john@Example.COM",
                "firstName": " John ", "lastName": "Doe", "phone": "1234567890",
                "address": "123 Main St\nNew York"
            }))
            .await;

        let john = json!({
            "id": "1", "username": "john_doe", "email": "john@example.com",
            "firstName": "John", "lastName": "Doe", "dateJoined": START,
            "profile": {
                "id": "1", "phone": "1234567890", "address": "123 Main St\nNew York",
                "createdAt": START, "updatedAt": START
            }
        });
        assert_eq!(created, json!({ "user": john, "userErrors": [] }));
        let read = accounts
            .data(
                "{ user(id: 1) { id username email firstName lastName dateJoined
                     profile { id phone address createdAt updatedAt } }
                   profile(id: 1) { phone user { username profile { id } } } }",
                json!({}),
            )
            .await;
        assert_eq!(read["user"], john);
        let user = json!({ "username": "john_doe", "profile": { "id": "1" } });
        assert_eq!(read["profile"], json!({ "phone": "1234567890", "user": user }));
    }

    async fn what_is_left_out_or_null_is_empty_in_a_new_account(location: Location) {
        let accounts = Accounts::open(&location).await;

        let short = accounts.create(json!({ "username": "a", "password": "p" })).await;
        let nulls = json!({
            "username": "b", "password": "p", "email": null, "firstName": null,
            "lastName": null, "phone": null, "address": null
        });
        let nulls = accounts.create(nulls).await;

        for created in [short, nulls] {
            let user = &created["user"];
            for field in ["email", "firstName", "lastName"] {
                assert_eq!(user[field], "", "{created}");
            }
            assert_eq!([&user["profile"]["phone"], &user["profile"]["address"]], ["", ""]);
        }
    }

    async fn an_update_changes_what_it_names_and_nothing_else(location: Location) {
        let accounts = Accounts::open(&location).await;
        let id = accounts.user("min_user").await;
        accounts.user("bystander").await;
        accounts.clock.advance(TimeDelta::minutes(1));
        let update = async |input: Value| {
            let data = accounts.data(UPDATE, json!({ "id": id, "input": input })).await;
            assert_eq!(data["updateUser"]["userErrors"], json!([]), "{data}");
            data["updateUser"]["user"].clone()
        };

        let all = update(json!({
            "username": "min_user2", "email": "min@Example.COM", "firstName": "Mi", "lastName": "N",
            "dateJoined": "2020-02-03T06:05:06.1234567+02:00"
        }));
        let expected = json!({
            "id": "1", "username": "min_user2", "email": "min@Example.COM", "firstName": "Mi",
            "lastName": "N", "dateJoined": "2020-02-03T04:05:06.123456Z"
        });

        assert_eq!(all.await, expected);
        assert_eq!(update(json!({})).await, expected);
        assert_eq!(update(json!({ "username": "min_user2", "email": null })).await, expected);
        let blanked = update(json!({ "email": "", "firstName": " " })).await;
        assert_eq!([&blanked["email"], &blanked["firstName"], &blanked["lastName"]], ["", "", "N"]);
        let others = accounts.data("{ users { nodes { username } } }", json!({})).await;
        let names = json!([{ "username": "min_user2" }, { "username": "bystander" }]);
        assert_eq!(others["users"]["nodes"], names);
    }

    async fn every_update_of_a_profile_moves_its_time(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;
        let update = async |input: Value| {
            accounts.clock.advance(TimeDelta::seconds(30));
            let data = accounts.data(UPDATE_PROFILE, json!({ "id": "1", "input": input })).await;
            data["updateProfile"]["profile"].clone()
        };

        let given = update(json!({ "phone": "  333  ", "address": "Main St" })).await;
        assert_eq!([&given["phone"], &given["address"]], ["333", "Main St"]);
        let nothing = update(json!({})).await;

        let expected = json!({
            "id": "1", "phone": "333", "address": "Main St", "createdAt": START,
            "updatedAt": LATER, "user": { "id": "1" }
        });
        assert_eq!(nothing, expected);
        let blank = update(json!({ "phone": "", "address": "" })).await;
        assert_eq!([&blank["phone"], &blank["address"]], ["", ""]);
    }

    async fn a_deleted_user_is_gone_with_the_profile_and_the_id_stays_unused(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("stays").await;
        let id = accounts.user("doomed").await;

        let deleted = accounts.data(DELETE, json!({ "id": id })).await;
        let again = accounts.data(DELETE, json!({ "id": id })).await;

        assert_eq!(deleted["deleteUser"], json!({ "deletedUserId": "2", "userErrors": [] }));
        assert_eq!(faults(&again["deleteUser"]), [("NOT_FOUND", "id".to_owned())]);
        let read = "{ user(id: 2) { id } profile(id: 2) { id } users { totalCount } }";
        let read = accounts.data(read, json!({})).await;
        assert_eq!(read, json!({ "user": null, "profile": null, "users": { "totalCount": 1 } }));
        assert_eq!(accounts.user("doomed").await, "3");
        let read = accounts.data("{ user(id: 3) { profile { id } } }", json!({})).await;
        assert_eq!(read["user"]["profile"]["id"], "3");
    }

    async fn a_wrong_id_nulls_only_its_own_field(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;

        for field in ["user", "profile"] {
            for id in ["abc", "0", "-1", "1.5", "", "99999999999999999999"] {
                let document = "query($id: ID!) { FIELD(id: $id) { id } user1: user(id: 1) { id } }"
                    .replace("FIELD", field);
                let answer = accounts.answer(&document, json!({ "id": id })).await;
                assert_eq!(code(&answer), "BAD_USER_INPUT", "{id}");
                assert_eq!(answer["data"], json!({ field: null, "user1": { "id": "1" } }));
            }
        }
    }

    async fn nobody_is_signed_in(location: Location) {
        let accounts = Accounts::open(&location).await;

        assert_eq!(accounts.data("{ me { id } }", json!({})).await, json!({ "me": null }));
    }
}
