//! Passwords: right, wrong, brought along, and never answered.

use crate::accounts::{Accounts, CREATE, UPDATE, VERIFY};
use chassis::db::Location;
use futures::future::join_all;
use serde_json::{Value, json};
use testing::both_databases;

/// "password123" as Django stores it; few iterations, because this is a debug build.
pub(crate) const DJANGO: &str =
    "pbkdf2_sha256$1000$seasalt$DKtn4wN1JA5g5IiTPMBbOfQEYX4cfOdbEPpqC26lBfU=";

async fn verify(accounts: &Accounts, username: &str, password: &str) -> Value {
    let variables = json!({ "username": username, "password": password });
    accounts.data(VERIFY, variables).await["verifyCredentials"].take()
}

fn valid(id: &str, username: &str) -> Value {
    json!({ "valid": true, "user": { "id": id, "username": username } })
}

fn wrong() -> Value {
    json!({ "valid": false, "user": null })
}

both_databases! {
    async fn only_the_exact_name_and_password_are_valid(location: Location) {
        let accounts = Accounts::open(&location).await;
        let password = "  pässwörd🔑 ";
        accounts.create(json!({ "username": "john_doe", "password": password })).await;

        assert_eq!(verify(&accounts, "john_doe", password).await, valid("1", "john_doe"));
        for (username, password) in [
            ("john_doe", "pässwörd🔑"),
            ("john_doe", "  PÄSSWÖRD🔑 "),
            ("john_doe", ""),
            ("john_doe", "a\0b"),
            ("John_Doe", password),
            (" john_doe ", password),
            ("nobody", password),
            ("", ""),
            ("john_doe\0", password),
        ] {
            assert_eq!(verify(&accounts, username, password).await, wrong(), "{username:?}");
        }
    }

    async fn a_deleted_user_has_no_credentials(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("doomed").await;
        accounts.data("mutation { deleteUser(id: 1) { deletedUserId } }", json!({})).await;

        assert_eq!(verify(&accounts, "doomed", "password123").await, wrong());
    }

    async fn a_hash_from_django_is_replaced_when_it_was_right(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.insert("legacy", DJANGO).await;

        assert_eq!(verify(&accounts, "legacy", "password124").await, wrong());
        assert_eq!(accounts.stored_hash("legacy").await, DJANGO);
        assert_eq!(verify(&accounts, "legacy", "password123").await, valid("1", "legacy"));

        let renewed = accounts.stored_hash("legacy").await;
        assert!(renewed.starts_with("$argon2id$"), "{renewed}");
        assert_eq!(verify(&accounts, "legacy", "password123").await, valid("1", "legacy"));
        assert_eq!(verify(&accounts, "legacy", "password124").await, wrong());
        assert_eq!(accounts.stored_hash("legacy").await, renewed);
    }

    async fn an_account_without_a_usable_hash_has_no_password(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.insert("locked", "!unusable").await;

        for password in ["", "!unusable", "unusable"] {
            assert_eq!(verify(&accounts, "locked", password).await, wrong());
        }
    }

    async fn beyond_the_waiting_limit_answers_are_unavailable(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.user("john_doe").await;
        let variables = json!({ "username": "john_doe", "password": "password123" });
        let one = |_| accounts.answer(VERIFY, variables.clone());

        let answers = join_all((0..200).map(one)).await;

        let valid = |answer: &Value| answer["data"]["verifyCredentials"]["valid"] == true;
        let served = answers.iter().filter(|answer| valid(answer));
        let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].clone();
        let refused = answers.iter().filter(|answer| code(answer) == "UNAVAILABLE");
        let (served, refused) = (served.count(), refused.count());
        assert_eq!(served + refused, 200, "{answers:?}");
        assert!(served >= 66, "only {served} were served");
        assert!(refused > 0, "nothing was refused");
    }

    async fn no_answer_holds_anything_of_a_password(location: Location) {
        let accounts = Accounts::open(&location).await;
        let secret = "hunter2-hunter2";
        let input = json!({ "username": "john_doe", "password": secret });
        let everything = "{ users { nodes { id username email profile { id user { id } } } }
            __schema { types { name fields { name } } } }";

        let answers = [
            accounts.answer(CREATE, json!({ "input": input })).await,
            accounts.answer(CREATE, json!({ "input": input })).await,
            accounts.answer(CREATE, json!({ "input": { "username": "!", "password": secret } })).await,
            accounts.answer(CREATE, json!({ "input": { "username": "a", "password": [secret, secret] } })).await,
            accounts.answer(CREATE, json!({ "input": { "password": secret } })).await,
            accounts.answer(VERIFY, json!({ "username": "john_doe", "password": secret })).await,
            accounts.answer(VERIFY, json!({ "username": "john_doe", "password": { "a": secret } })).await,
            accounts.answer(UPDATE, json!({ "id": "1", "input": { "password": secret } })).await,
            accounts.answer(everything, json!({})).await,
        ];

        let hash = accounts.stored_hash("john_doe").await;
        for answer in answers {
            let text = answer.to_string();
            for part in ["hunter2", "argon2", "assword_hash", "asswordHash", hash.as_str()] {
                assert!(!text.contains(part), "{part} in {text}");
            }
        }
    }
}
