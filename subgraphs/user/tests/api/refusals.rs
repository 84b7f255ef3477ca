//! What is refused, with which code, at which field; and that nothing changes then.

use crate::accounts::{Accounts, CREATE, DELETE, UPDATE, UPDATE_PROFILE, code, faults};
use chassis::db::Location;
use serde_json::{Map, Value, json};
use testing::both_databases;

/// Field, value, code.
fn wrong_values() -> Vec<(&'static str, Value, &'static str)> {
    let long = |count: usize| json!("x".repeat(count));
    vec![
        ("username", json!(""), "BLANK"),
        ("username", json!(" \t\u{3000}"), "BLANK"),
        ("username", long(151), "TOO_LONG"),
        ("username", json!("bad name"), "INVALID"),
        ("username", json!("bad!name"), "INVALID"),
        ("username", json!("🎉"), "INVALID"),
        ("username", json!("a\0b"), "INVALID"),
        ("username", json!("john_doe"), "TAKEN"),
        ("username", json!(" john_doe "), "TAKEN"),
        ("email", json!("not-an-email"), "INVALID"),
        ("email", json!("a@b"), "INVALID"),
        ("email", json!("a b@example.com"), "INVALID"),
        ("email", json!("a@b@example.com"), "INVALID"),
        ("email", json!(format!("{}@example.com", "e".repeat(243))), "TOO_LONG"),
        ("firstName", long(151), "TOO_LONG"),
        ("firstName", json!("a\0b"), "INVALID"),
        ("lastName", long(151), "TOO_LONG"),
        ("lastName", json!("\0"), "INVALID"),
    ]
}

/// What only a new account, or only a profile, has.
fn wrong_contacts() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("phone", json!("1".repeat(16)), "TOO_LONG"),
        ("phone", json!("1\0"), "INVALID"),
        ("address", json!("x".repeat(100_001)), "TOO_LONG"),
        ("address", json!("\0"), "INVALID"),
    ]
}

const EVERYTHING: &str = "{ users { nodes {
    id username email firstName lastName dateJoined profile { id phone address updatedAt }
} } }";

both_databases! {
    async fn a_new_account_is_refused_whole(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;
        let before = accounts.data(EVERYTHING, json!({})).await;
        let mut wrong = wrong_values();
        wrong.extend(wrong_contacts());
        wrong.push(("password", json!(""), "BLANK"));
        wrong.push(("password", json!("   "), "BLANK"));
        wrong.push(("password", json!("p".repeat(129)), "TOO_LONG"));
        wrong.push(("password", json!("a\0b"), "INVALID"));

        for (field, value, code) in wrong {
            let mut input = Map::from_iter([
                ("username".to_owned(), json!("never_made")),
                ("password".to_owned(), json!("p")),
            ]);
            input.insert(field.to_owned(), value);

            let refused = accounts.create(Value::Object(input)).await;

            assert_eq!(refused["user"], Value::Null, "{refused}");
            assert_eq!(faults(&refused), [(code, field.to_owned())], "{refused}");
        }
        assert_eq!(accounts.data(EVERYTHING, json!({})).await, before);
        assert_eq!(accounts.user("next").await, "2", "a refusal used up an id");
    }

    async fn an_update_is_refused_whole(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;
        accounts.user("jane_smith").await;
        let before = accounts.data(EVERYTHING, json!({})).await;
        let mut wrong = wrong_values();
        wrong.push(("dateJoined", json!("9999-12-31T23:59:59-01:00"), "OUT_OF_RANGE"));
        wrong.push(("dateJoined", json!("0000-01-01T00:00:00Z"), "OUT_OF_RANGE"));

        for (field, value, code) in wrong {
            let mut input = Map::from_iter([("lastName".to_owned(), json!("Changed"))]);
            input.insert(field.to_owned(), value);
            let refused = accounts.data(UPDATE, json!({ "id": "2", "input": input })).await;
            let refused = &refused["updateUser"];
            assert_eq!(refused["user"], Value::Null, "{refused}");
            assert_eq!(faults(refused), [(code, field.to_owned())], "{refused}");
        }
        for (field, value, code) in wrong_contacts() {
            let mut input = Map::from_iter([("phone".to_owned(), json!("1"))]);
            input.insert(field.to_owned(), value);
            let refused = accounts.data(UPDATE_PROFILE, json!({ "id": "2", "input": input })).await;
            let refused = &refused["updateProfile"];
            assert_eq!(refused["profile"], Value::Null, "{refused}");
            assert_eq!(faults(refused), [(code, field.to_owned())], "{refused}");
        }
        assert_eq!(accounts.data(EVERYTHING, json!({})).await, before);
    }

    async fn a_mutation_says_which_id_is_wrong(location: Location) {
        let accounts = Accounts::open(&location).await;

        for (name, document) in
            [("updateUser", UPDATE), ("updateProfile", UPDATE_PROFILE), ("deleteUser", DELETE)]
        {
            for (id, code) in [
                ("999", "NOT_FOUND"),
                ("9223372036854775807", "NOT_FOUND"),
                ("9223372036854775808", "INVALID"),
                ("0", "INVALID"),
                ("-1", "INVALID"),
                ("abc", "INVALID"),
                ("", "INVALID"),
            ] {
                let data = accounts.data(document, json!({ "id": id, "input": {} })).await;
                assert_eq!(faults(&data[name]), [(code, "id".to_owned())], "{name} {id:?}");
            }
        }
    }

    async fn all_faults_are_told_at_once(location: Location) {
        let accounts = Accounts::open(&location).await;

        let refused = accounts
            .create(json!({
                "username": "bad name", "password": "", "email": "x", "firstName": "f".repeat(151),
                "lastName": "l".repeat(151), "phone": "1".repeat(16), "address": "\0"
            }))
            .await;

        let expected = [
            ("INVALID", "username"),
            ("BLANK", "password"),
            ("INVALID", "email"),
            ("TOO_LONG", "firstName"),
            ("TOO_LONG", "lastName"),
            ("TOO_LONG", "phone"),
            ("INVALID", "address"),
        ];
        assert_eq!(faults(&refused), expected.map(|(code, field)| (code, field.to_owned())));
    }

    async fn a_taken_name_is_told_beside_other_faults(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;
        accounts.user("jane_smith").await;
        let invalid_and_taken =
            [("INVALID", "email"), ("TAKEN", "username")].map(|(code, field)| (code, field.to_owned()));

        let input = json!({ "username": "john_doe", "password": "p", "email": "x" });
        assert_eq!(faults(&accounts.create(input).await), invalid_and_taken);

        let input = json!({ "username": "john_doe", "email": "x" });
        let refused = accounts.data(UPDATE, json!({ "id": "2", "input": input })).await;
        assert_eq!(faults(&refused["updateUser"]), invalid_and_taken);

        // A name is not taken by its own user.
        let refused = accounts.data(UPDATE, json!({ "id": "1", "input": input })).await;
        assert_eq!(faults(&refused["updateUser"]), invalid_and_taken[..1]);
    }

    async fn the_documented_sentences_are_kept(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;

        for (input, message) in [
            (
                json!({ "username": "bad name", "password": "p" }),
                "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
            ),
            (json!({ "username": "a", "password": "p", "email": "x" }), "Enter a valid email address."),
            (
                json!({ "username": "john_doe", "password": "p" }),
                "A user with that username already exists.",
            ),
        ] {
            let refused = accounts.create(input).await;
            assert_eq!(refused["userErrors"][0]["message"], message);
        }
    }

    async fn an_input_of_another_shape_is_no_input(location: Location) {
        let accounts = Accounts::open(&location).await;

        for input in [
            json!(null),
            json!([]),
            json!({}),
            json!({ "username": "a" }),
            json!({ "username": "a", "password": null }),
            json!({ "username": 5, "password": "p" }),
            json!({ "username": "a", "password": "p", "isStaff": true }),
        ] {
            let answer = accounts.answer(CREATE, json!({ "input": input })).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{input}");
        }
        for at in [json!("yesterday"), json!("2020-02-03"), json!(5)] {
            let variables = json!({ "id": "1", "input": { "dateJoined": at } });
            assert_eq!(code(&accounts.answer(UPDATE, variables).await), "BAD_USER_INPUT", "{at}");
        }
    }
}
