//! A subgraph whose answers do not fit the schema.

use crate::support::{ask, code, graph, paths};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use chassis::codes;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Asks a graph whose weather answers `body`, whatever it is asked.
async fn with_weather(body: &str, query: &str) -> Value {
    let body = body.to_owned();
    let respond = move || {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/json")], body) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/graphql", post(respond));
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let answer = ask(&graph(address), query).await;
    server.abort();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_not_of_its_type_is_null_with_an_error() {
    let table = [
        ("id", r#"{"id": {"a": 1}}"#, json!(null), json!(["station", "id"])),
        ("id", r#"{"id": null}"#, json!(null), json!(["station", "id"])),
        ("id", "{}", json!(null), json!(["station", "id"])),
        ("id", r#""x""#, json!(null), json!(["station"])),
        ("id", "[]", json!(null), json!(["station"])),
        ("name", r#"{"name": 1}"#, json!({ "name": null }), json!(["station", "name"])),
        ("name", r#"{"name": ["x"]}"#, json!({ "name": null }), json!(["station", "name"])),
        ("height", r#"{"height": 1.5}"#, json!(null), json!(["station", "height"])),
        ("height", r#"{"height": 2147483648}"#, json!(null), json!(["station", "height"])),
        ("height", r#"{"height": "1"}"#, json!(null), json!(["station", "height"])),
        ("open", r#"{"open": "true"}"#, json!(null), json!(["station", "open"])),
        ("kind", r#"{"kind": "SKY"}"#, json!(null), json!(["station", "kind"])),
        ("kind", r#"{"kind": 1}"#, json!(null), json!(["station", "kind"])),
        (
            "readings { next }",
            r#"{"readings": "abc"}"#,
            json!(null),
            json!(["station", "readings"]),
        ),
        (
            "readings { next }",
            r#"{"readings": {"next": "x"}}"#,
            json!(null),
            json!(["station", "readings"]),
        ),
        (
            "readings { next }",
            r#"{"readings": [null]}"#,
            json!(null),
            json!(["station", "readings", 0]),
        ),
        (
            "readings { next }",
            r#"{"readings": [{"next": "x"}, 5]}"#,
            json!(null),
            json!(["station", "readings", 1]),
        ),
        (
            "readings { at }",
            r#"{"readings": [{"at": 1}, {"at": "2"}]}"#,
            json!(null),
            json!(["station", "readings", 1, "at"]),
        ),
    ];
    for (field, station, expected, path) in table {
        let body = format!(r#"{{"data": {{"station": {station}}}}}"#);
        let answer = with_weather(&body, &format!("{{ station {{ {field} }} renames }}")).await;
        assert_eq!(answer["data"]["station"], expected, "{station}: {answer}");
        assert!(answer["data"]["renames"].is_u64(), "{station}: {answer}");
        assert_eq!(paths(&answer), [path], "{station}: {answer}");
        assert_eq!(code(&answer), codes::INTERNAL, "{station}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_fit_pass() {
    let station = r#"{"id": 7, "name": null, "height": -3, "open": false, "kind": "SEA",
        "readings": [{"at": 1, "next": "x"}, {"at": 2.5, "next": null}], "more": 1}"#;
    let body = format!(r#"{{"data": {{"station": {station}}}}}"#);
    let query = "{ station { id name height open kind readings { at next } t: __typename } }";
    let expected = json!({ "id": "7", "name": null, "height": -3, "open": false, "kind": "SEA",
        "readings": [{ "at": 1, "next": "x" }, { "at": 2.5, "next": null }], "t": "Station" });
    assert_eq!(with_weather(&body, query).await, json!({ "data": { "station": expected } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_one_is_no_answer() {
    let deep = format!(r#"{{"data": {{"weather": {}1{}}}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    for body in ["", "no JSON", "[]", r#"{"data": {"weather": "x"}"#, &deep] {
        let answer = with_weather(body, "{ weather renames }").await;
        assert_eq!(answer["data"]["weather"], Value::Null);
        assert_eq!(code(&answer), codes::SUBGRAPH_UNAVAILABLE, "{body:.50}: {answer}");
        assert_eq!(paths(&answer), [json!(["weather"])]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_that_are_not_answered_for_are_an_error() {
    let query = "{ products(ids: [1, 2]) { umbrella } }";
    for body in [
        r#"{"data": {"_entities": [{"umbrella": true}]}}"#,
        r#"{"data": {"_entities": "x"}}"#,
        r#"{"data": null}"#,
    ] {
        let answer = with_weather(body, query).await;
        let products = [json!({ "umbrella": null }), json!({ "umbrella": null })];
        assert_eq!(answer["data"]["products"], json!(products), "{body}");
        assert_eq!(code(&answer), codes::SUBGRAPH_UNAVAILABLE, "{body}: {answer}");
        assert_eq!(answer["errors"].as_array().unwrap().len(), 2);
    }
    let indexed = r#"{"data": {"_entities": [{"umbrella": true}, {"umbrella": null}]},
        "errors": [{"message": "m", "path": ["_entities", 1, "umbrella"], "extensions": {"code": "NOT_FOUND"}}]}"#;
    let answer = with_weather(indexed, query).await;
    assert_eq!(paths(&answer), [json!(["products", 1, "umbrella"])], "{answer}");
}
