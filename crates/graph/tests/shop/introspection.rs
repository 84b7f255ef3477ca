//! What clients learn of the schema.

use crate::shop::SHOP;
use serde_json::{Value, json};

#[test]
fn introspection_has_a_stable_order_and_data_beside_it() {
    let query =
        "{ __schema { types { name fields { name } } queryType { name } mutationType { name }
        subscriptionType { n: name } directives { name locations args { name } } }
        __type(name: \"Product\") { kind fields { name type { name kind ofType { name } } } }
        product(id: 1) { name } x: __typename }";
    let first = SHOP.data(query, Value::Null);
    assert_eq!(first["__schema"]["subscriptionType"], json!({ "n": "Subscription" }));
    assert_eq!(first["product"]["name"], "2");
    assert_eq!(first["x"], "Query");
    let fields = first["__type"]["fields"].as_array().unwrap();
    assert!(fields.contains(&json!({ "name": "id", "type": { "name": null, "kind": "NON_NULL", "ofType": { "name": "ID" } } })));
    assert_eq!(first, SHOP.data(&format!("{query} "), Value::Null));
}

#[test]
fn a_type_that_does_not_exist_is_null() {
    let query = "query($n: String!) { __type(name: $n) { name } }";
    assert_eq!(SHOP.data(query, json!({ "n": "Nothing" })), json!({ "__type": null }));
    assert_eq!(SHOP.data(query, json!({ "n": "Order" })), json!({ "__type": { "name": "Order" } }));
}
