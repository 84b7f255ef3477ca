//! Aliases that are names of other fields.

use crate::shop::SHOP;
use serde_json::{Value, json};

#[test]
fn an_alias_that_is_the_name_of_a_key_hides_no_key() {
    let table = [
        (
            "{ product(id: 1) { id: name availableQuantity } }",
            json!({ "product": { "id": "2", "availableQuantity": 99 } }),
        ),
        (
            "{ product(id: 1) { availableQuantity id: name } }",
            json!({ "product": { "id": "2", "availableQuantity": 99 } }),
        ),
        (
            "{ product(id: 1) { availableQuantity id: isActive } }",
            json!({ "product": { "id": true, "availableQuantity": 99 } }),
        ),
        (
            "{ product(id: 1) { __typename: name isInStock } }",
            json!({ "product": { "__typename": "2", "isInStock": true } }),
        ),
        (
            "{ product(id: 6) { stockItem { onHand } id: description } }",
            json!({ "product": { "stockItem": null, "id": "3" } }),
        ),
        (
            "{ user(id: 2) { orders(first: 1) { totalCount } id: username username: id } }",
            json!({ "user": { "orders": { "totalCount": 2 }, "id": "3", "username": "2" } }),
        ),
        (
            "{ products(first: 1, sort: OLDEST) { edges { node { id: price { id: amount } availableQuantity } } } }",
            json!({ "products": { "edges": [{ "node": { "id": { "id": "1.50" }, "availableQuantity": 99 } }] } }),
        ),
        (
            "{ order(id: 1) { lines { product { id name: description availableQuantity } } user { id: firstName orders { totalCount } } } }",
            json!({ "order": { "lines": [
            { "product": { "id": "1", "name": "4", "availableQuantity": 99 } },
            { "product": { "id": "2", "name": "5", "availableQuantity": 197 } }],
            "user": { "id": "1", "orders": { "totalCount": 2 } } } }),
        ),
        (
            "{ a: product(id: 1) { ...F } b: product(id: 2) { ...F } } fragment F on Product { id: name category { id: name products(first: 1, after: null) { nodes { id: name isInStock } } } }",
            json!({ "a": { "id": "2", "category": null }, "b": { "id": "3", "category": { "id": "2", "products": { "nodes": [{ "id": "3", "isInStock": true }] } } } }),
        ),
    ];
    for (query, expected) in table {
        assert_eq!(SHOP.data(query, Value::Null), expected, "{query}");
    }
}

#[test]
fn an_alias_of_a_mutation_hides_no_key() {
    let data = SHOP.data(
        "mutation { id: verifyCredentials(username: \"2\", password: \"not secret 1\") {
           user: user { id: username __typename: id orders { totalCount } } } }",
        Value::Null,
    );
    let user = json!({ "id": "2", "__typename": "1", "orders": { "totalCount": 2 } });
    assert_eq!(data, json!({ "id": { "user": user } }));
}

#[test]
fn keys_come_in_the_order_in_which_the_client_selects_them() {
    let query = "{ product(id: 1) { isInStock ... on Product { name id: description } x: __typename name } a: __typename }";
    let body = SHOP.ask(query, Value::Null).to_string();
    assert!(body.contains("isInStock"), "{body}");
    let raw = SHOP.block_on(async {
        let request = crate::shop::request(query, Value::Null);
        match SHOP.graph.answer(request).await {
            Ok(graph::Answer::Once { response, .. }) => response.await.body,
            other => panic!("{other:?}"),
        }
    });
    let expected =
        r#"{"data":{"product":{"isInStock":true,"name":"2","id":"4","x":"Product"},"a":"Query"}}"#;
    assert_eq!(std::str::from_utf8(&raw).unwrap(), expected);
}

#[test]
fn the_path_of_an_error_has_the_clients_aliases_and_indices() {
    let answer = SHOP.ask(
        "{ a: products(first: 2) { nodes { id: name s: stockItem {
           m: movements(first: 0) { totalCount } } } } }",
        Value::Null,
    );
    let paths: Vec<&Value> =
        answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    // The newest product has no stock.
    assert_eq!(paths, [&json!(["a", "nodes", 1, "s", "m"])], "{answer}");
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 12 }]));
    assert_eq!(answer["data"]["a"]["nodes"][0], json!({ "id": "1", "s": null }));
}
