//! Input that changes nothing, and what it is told.

mod fields;
mod requests;

use crate::shop::Shop;
use e2e::on_both_databases;
use serde_json::{Value, json};
use testing::Database;

/// What a client is told.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// A user error in the payload: code, dotted field path (empty when no field is at fault).
    Field(&'static str, &'static str),
    /// An error of the operation: its `extensions.code`.
    Request(&'static str),
}

/// Operation, variables, what is told.
type Row = (String, Value, Told);

/// Everything that a change could change.
const EVERYTHING: &str = "{
    users { totalCount nodes { id username email firstName lastName profile { phone address updatedAt } } }
    categories { totalCount nodes { id name description } }
    products { totalCount nodes { id name description price { amount } isActive updatedAt category { id } } }
    stockItems { totalCount nodes { id onHand reserved updatedAt movements { totalCount } } }
    orders { totalCount nodes { id status total { amount } shippingAddress updatedAt
        lines { quantity } events { status } } }
}";

/// Code and dotted path of each user error.
fn user_errors(answer: &Value) -> Vec<(String, String)> {
    let payload = answer["data"].as_object().and_then(|data| data.values().next());
    let payload = payload.unwrap_or_else(|| panic!("no payload: {answer}"));
    assert_eq!(payload["thing"], Value::Null, "{answer}");
    let errors = payload["userErrors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            assert_ne!(error["message"], "", "{answer}");
            let path = error["field"].as_array().into_iter().flatten();
            let path: Vec<_> = path.map(|part| part.as_str().unwrap()).collect();
            (error["code"].as_str().unwrap().to_owned(), path.join("."))
        })
        .collect()
}

/// The codes of the operation's errors; every error has one, and a message.
fn error_codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("no errors: {answer}"));
    let code = |error: &'_ Value| {
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    };
    errors.iter().for_each(code);
    let code = |error: &'_ Value| error["extensions"]["code"].is_string();
    assert!(errors.iter().all(code), "an error without code: {answer}");
    errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or_default()).collect()
}

/// What is wrong with the answer to a row, if anything.
fn complaint(status: u16, answer: &Value, told: Told) -> Option<String> {
    let found = match told {
        Told::Field(code, path) if answer.get("errors").is_none() => {
            let found = user_errors(answer);
            (found != [(code.to_owned(), path.to_owned())]).then(|| format!("{found:?}"))
        }
        Told::Field(..) => Some(answer.to_string()),
        Told::Request(_) if answer.get("errors").is_none() => Some(answer.to_string()),
        Told::Request(code) => {
            let found = error_codes(answer);
            found.iter().any(|it| *it != code).then(|| format!("{found:?} {answer}"))
        }
    };
    let found = found.or_else(|| (!matches!(status, 200 | 400..500)).then(|| String::from("?")))?;
    Some(format!("expected {told:?}, got {status} {}", found.chars().take(600).collect::<String>()))
}

on_both_databases! {
    async fn bad_input_changes_nothing_and_says_what_is_wrong(database: &Database) {
        let shop = Shop::from(testing::Agora::options().database(database).sample_data()).await;
        let before = shop.data(EVERYTHING, json!({})).await;
        let mut complaints = Vec::new();

        let rows = fields::rows().chain(requests::pages()).chain(requests::queries());
        for (operation, variables, told) in rows {
            let row = format!("{operation} {variables}").chars().take(400).collect::<String>();
            let body = json!({ "query": operation, "variables": variables });
            let response = shop.agora.client().post(shop.agora.url()).json(&body).send().await;
            let response = response.unwrap();
            let status = response.status().as_u16();
            let answer: Value = response.json().await.unwrap_or_else(|_| panic!("no JSON: {row}"));
            if let Some(complaint) = complaint(status, &answer, told) {
                complaints.push(format!("{row}\n    {complaint}"));
            }
            assert_eq!(shop.data(EVERYTHING, json!({})).await, before, "changed by {row}");
        }
        for (what, request, code, statuses) in requests::malformed() {
            let response = request(shop.agora.client(), shop.agora.url()).send().await.unwrap();
            let status = response.status().as_u16();
            let answer = response.text().await.unwrap();
            let json: Value = serde_json::from_str(&answer).unwrap_or_default();
            let found = json["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
            if !statuses.contains(&status) || found != code {
                complaints.push(format!("{what}: expected {code}, got {status} {answer}"));
            }
            assert_eq!(shop.data(EVERYTHING, json!({})).await, before, "changed by {what}");
        }

        assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    }
}
