//! Entities by their global ids.

use crate::shop::SHOP;
use serde_json::{Value, json};

fn node_id(query: &str, pointer: &str) -> Value {
    SHOP.data(query, Value::Null).pointer(pointer).unwrap().clone()
}

fn unknown(of: &str, id: &str) -> String {
    chassis::graphql::node_id(of, id).0
}

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename nodeId
    ... on Category { name } ... on Order { total { amount } } ... on Product { name isInStock }
    ... on Profile { phone } ... on StockItem { productId } ... on User { username orders { pageInfo { hasPreviousPage } } } } }";

#[test]
fn every_entity_is_found_by_its_node_id() {
    let entities = [
        (
            "{ category(id: 1) { nodeId } }",
            "/category/nodeId",
            json!({ "__typename": "Category", "name": "2" }),
        ),
        (
            "{ order(id: 1) { nodeId } }",
            "/order/nodeId",
            json!({ "__typename": "Order", "total": { "amount": "4.00" } }),
        ),
        (
            "{ product(id: 2) { nodeId } }",
            "/product/nodeId",
            json!({ "__typename": "Product", "name": "3", "isInStock": true }),
        ),
        (
            "{ user(id: 1) { profile { nodeId } } }",
            "/user/profile/nodeId",
            json!({ "__typename": "Profile", "phone": "" }),
        ),
        (
            "{ product(id: 5) { stockItem { nodeId } } }",
            "/product/stockItem/nodeId",
            json!({ "__typename": "StockItem", "productId": "5" }),
        ),
        (
            "{ user(id: 3) { nodeId } }",
            "/user/nodeId",
            json!({ "__typename": "User", "username": "1", "orders": { "pageInfo": { "hasPreviousPage": false } } }),
        ),
    ];
    let mut ids = Vec::new();
    for (query, pointer, mut expected) in entities {
        let id = node_id(query, pointer);
        expected["nodeId"] = id.clone();
        assert_eq!(SHOP.data(NODE, json!({ "id": id }))["node"], expected);
        ids.push((id, expected["__typename"].clone()));
    }
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { nodeId __typename } }";
    let found =
        SHOP.data(query, json!({ "ids": ids.iter().map(|(id, _)| id).collect::<Vec<_>>() }));
    let expected: Vec<Value> =
        ids.iter().map(|(id, of)| json!({ "nodeId": id, "__typename": of })).collect();
    assert_eq!(found["nodes"], json!(expected));
}

#[test]
fn what_does_not_exist_is_null() {
    let uuid = "018f0000-0000-7000-8000-000000000001";
    let unknown: Vec<String> = ["Category", "Order", "Product", "Profile", "StockItem", "User"]
        .iter()
        .flat_map(|of| [unknown(of, "99"), unknown(of, "x"), unknown(of, "-1")])
        .chain([unknown("Reservation", uuid), unknown("Money", "1"), unknown("Order", "")])
        .collect();
    for id in &unknown {
        for query in [NODE, "query($id: ID!) { node(id: $id) { nodeId } }"] {
            assert_eq!(SHOP.data(query, json!({ "id": id })), json!({ "node": null }), "{id}");
        }
    }
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
    let found = SHOP.data(query, json!({ "ids": unknown }));
    assert_eq!(found["nodes"], json!(vec![Value::Null; unknown.len()]));
}

#[test]
fn an_id_that_is_not_global_is_refused_where_it_stands() {
    let product = node_id("{ product(id: 1) { nodeId } }", "/product/nodeId");
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
    let answer = SHOP.ask(query, json!({ "ids": [product, "1"] }));
    assert_eq!(answer["data"], json!({ "nodes": [{ "__typename": "Product" }, null] }));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["path"], json!(["nodes", 1]));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");

    let many = SHOP.ask(query, json!({ "ids": vec![product; 101] }));
    assert_eq!(many["errors"][0]["message"], "ids must not contain more than 100 ids");
    assert_eq!(many["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[test]
fn fields_of_one_name_in_fragments_on_several_types_do_not_mix() {
    let ids = [
        node_id("{ order(id: 2) { nodeId } }", "/order/nodeId"),
        node_id("{ category(id: 1) { nodeId } }", "/category/nodeId"),
        node_id("{ product(id: 4) { nodeId } }", "/product/nodeId"),
        node_id("{ product(id: 3) { nodeId } }", "/product/nodeId"),
    ];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) {
        ... on Reservation { lines { quantity product { name } } }
        ... on Order { lines { product { isInStock id: name } quantity } x: user { username } }
        ... on Category { id name products(first: 1) { nodes { name id } } }
        ... on Product { name id x: stockItem { productId } category { products(first: 1) { nodes { id } } } } } }";
    let line = |id: &str, quantity: i64| json!({ "product": { "isInStock": true, "id": id }, "quantity": quantity });
    let expected = json!([
        { "lines": [line("3", 2), line("4", 1)], "x": { "username": "2" } },
        { "id": "1", "name": "2", "products": { "nodes": [{ "name": "3", "id": "2" }] } },
        { "name": "5", "id": "4", "x": { "productId": "4" }, "category": { "products": { "nodes": [{ "id": "2" }] } } },
        { "name": "4", "id": "3", "x": { "productId": "3" }, "category": null },
    ]);
    assert_eq!(SHOP.data(query, json!({ "ids": ids }))["nodes"], expected);
}
