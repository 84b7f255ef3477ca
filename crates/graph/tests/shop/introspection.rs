//! What clients learn of the schema.

use crate::shop::{SHOP, SUPERGRAPH, ask};
use graph::{Endpoint, Graph, Options};
use serde_json::{Value, json};

/// Nothing is fetched from it.
pub(crate) fn nowhere(name: &str) -> Endpoint {
    let url = "http://127.0.0.1:1/".parse().unwrap();
    Endpoint::Remote { name: name.to_owned(), url, secret: None }
}

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

#[test]
fn deprecated_arguments_and_input_fields_are_shown_to_clients_that_ask_for_them() {
    let supergraph = SUPERGRAPH
        .replace(
            "\nscalar DateTime",
            "\nscalar DateTime @specifiedBy(url: \"https://time.example\")",
        )
        .replace("productIds: [ID!]\n", "productIds: [ID!] @deprecated(reason: \"use filter\")\n")
        .replace("minPrice: Decimal", "minPrice: Decimal @deprecated");
    let subgraphs = ["user", "product", "inventory", "order"].map(nowhere).to_vec();
    let graph = Graph::new(Options { supergraph, subgraphs, introspection: true }).unwrap();
    let query = "query($all: Boolean = true) {
        input: __type(name: \"ProductFilter\") {
          shown: inputFields { name } all: inputFields(includeDeprecated: $all) { name isDeprecated deprecationReason } }
        root: __type(name: \"Query\") { fields { name
          args { name } all: args(includeDeprecated: true) { name isDeprecated deprecationReason } } }
        time: __type(name: \"DateTime\") { specifiedByURL } text: __type(name: \"String\") { specifiedByURL } }";
    let data = SHOP.block_on(ask(&graph, query, Value::Null))["data"].take();
    assert_eq!(data["time"]["specifiedByURL"], "https://time.example");
    assert_eq!(data["text"]["specifiedByURL"], Value::Null);
    let has =
        |list: &Value, name: &str| list.as_array().unwrap().iter().any(|of| of["name"] == name);
    assert!(!has(&data["input"]["shown"], "minPrice") && has(&data["input"]["shown"], "maxPrice"));
    let deprecated = |name: &str, reason: &str| json!({ "name": name, "isDeprecated": true, "deprecationReason": reason });
    let all = data["input"]["all"].as_array().unwrap();
    assert!(all.contains(&deprecated("minPrice", "No longer supported")), "{all:?}");
    let fields = data["root"]["fields"].as_array().unwrap();
    let field = fields.iter().find(|field| field["name"] == "stockItems").unwrap();
    assert!(!has(&field["args"], "productIds") && has(&field["args"], "first"));
    let all = field["all"].as_array().unwrap();
    assert!(all.contains(&deprecated("productIds", "use filter")), "{all:?}");
}
