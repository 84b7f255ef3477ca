//! Every mutation once, when nothing is wrong.

use crate::shop::Shop;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Mutation, what is asked of its payload, and what that must be. In this order: each works on
/// what those before it left.
fn mutations() -> Vec<(&'static str, &'static str, Value)> {
    let mut mutations = catalogue();
    mutations.extend(stock());
    mutations.extend(orders());
    mutations.extend(farewells());
    mutations
}

fn catalogue() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            r#"createUser(input: { username: "ann", password: "password123", email: "ann@example.com",
                firstName: "Ann", phone: "123" })"#,
            "user { id username email firstName lastName profile { phone address } }",
            json!({ "user": { "id": "1", "username": "ann", "email": "ann@example.com",
                "firstName": "Ann", "lastName": "", "profile": { "phone": "123", "address": "" } } }),
        ),
        (
            r#"updateUser(id: 1, input: { lastName: "Lee" })"#,
            "user { firstName lastName }",
            json!({ "user": { "firstName": "Ann", "lastName": "Lee" } }),
        ),
        (
            r#"updateProfile(id: 1, input: { address: "1 Main St" })"#,
            "profile { phone address user { username } }",
            json!({ "profile": {
                "phone": "123", "address": "1 Main St", "user": { "username": "ann" } } }),
        ),
        (
            r#"createCategory(input: { name: "Mugs" })"#,
            "category { id name description }",
            json!({ "category": { "id": "1", "name": "Mugs", "description": "" } }),
        ),
        (
            r#"updateCategory(id: 1, input: { description: "To drink from" })"#,
            "category { name description }",
            json!({ "category": { "name": "Mugs", "description": "To drink from" } }),
        ),
        (
            r#"createProduct(input: { name: "Mug", description: "Blue", price: "5", categoryId: 1 })"#,
            "product { id price { amount currency } isActive category { name } stockItem { id } }",
            json!({ "product": { "id": "1", "price": { "amount": "5.00", "currency": "USD" },
                "isActive": true, "category": { "name": "Mugs" }, "stockItem": null } }),
        ),
        (
            r#"updateProduct(id: 1, input: { price: "6.50" })"#,
            "product { name price { amount } }",
            json!({ "product": { "name": "Mug", "price": { "amount": "6.50" } } }),
        ),
    ]
}

fn stock() -> Vec<(&'static str, &'static str, Value)> {
    let item = |on_hand: i64| json!({ "stockItem": { "onHand": on_hand, "reserved": 0 } });
    let reservation = |status: &str| {
        let line = json!({ "quantity": 2, "product": { "name": "Mug" } });
        json!({ "reservation": { "status": status, "lines": [line] } })
    };
    let whole = "reservation { status lines { quantity product { name } } }";
    vec![
        ("setStock(input: { productId: 1, onHand: 8 })", "stockItem { onHand reserved }", item(8)),
        (
            "adjustStock(input: { productId: 1, delta: 2 })",
            "stockItem { onHand reserved }",
            item(10),
        ),
        (
            r#"reserveStock(input: { id: "019a4b6e-3c00-7000-8000-000000000001",
                lines: [{ productId: 1, quantity: 2 }] })"#,
            whole,
            reservation("HELD"),
        ),
        (
            r#"fulfilReservation(id: "019a4b6e-3c00-7000-8000-000000000001")"#,
            whole,
            reservation("FULFILLED"),
        ),
        (
            r#"releaseReservation(id: "019a4b6e-3c00-7000-8000-000000000001")"#,
            whole,
            reservation("RELEASED"),
        ),
    ]
}

fn orders() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            r#"placeOrder(input: { userId: 1, shippingAddress: "1 Main St",
                lines: [{ productId: 1, quantity: 3 }] })"#,
            "order { id status total { amount } user { username }
                lines { product { stockItem { reserved } } } events { status } }",
            json!({ "order": { "id": "1", "status": "PENDING", "total": { "amount": "19.50" },
                "user": { "username": "ann" },
                "lines": [{ "product": { "stockItem": { "reserved": 3 } } }],
                "events": [{ "status": "PENDING" }] } }),
        ),
        (
            r#"updateShippingAddress(id: 1, shippingAddress: " 2 Main St ")"#,
            "order { status shippingAddress }",
            json!({ "order": { "status": "PENDING", "shippingAddress": "2 Main St" } }),
        ),
        (
            "transitionOrder(id: 1, to: CONFIRMED)",
            "order { status allowedTransitions }",
            json!({ "order": { "status": "CONFIRMED",
                "allowedTransitions": ["SHIPPED", "DELIVERED", "CANCELLED"] } }),
        ),
        (
            r#"updateOrder(id: 1, input: { status: SHIPPED, shippingAddress: "3 Main St" })"#,
            "order { status shippingAddress lines { product { stockItem { onHand reserved } } } }",
            json!({ "order": { "status": "SHIPPED", "shippingAddress": "3 Main St",
                "lines": [{ "product": { "stockItem": { "onHand": 7, "reserved": 0 } } }] } }),
        ),
        (
            "cancelOrder(id: 1)",
            "order { status events { status } lines { product { stockItem { onHand } } } }",
            json!({ "order": { "status": "CANCELLED", "events": [{ "status": "PENDING" },
                { "status": "CONFIRMED" }, { "status": "SHIPPED" }, { "status": "CANCELLED" }],
                "lines": [{ "product": { "stockItem": { "onHand": 10 } } }] } }),
        ),
        ("deleteOrder(id: 1)", "deletedOrderId", json!({ "deletedOrderId": "1" })),
    ]
}

fn farewells() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("deleteStockItem(id: 1)", "deletedStockItemId", json!({ "deletedStockItemId": "1" })),
        ("endStock(productIds: [9])", "endedProductIds", json!({ "endedProductIds": ["9"] })),
        (
            "deleteProduct(id: 1)",
            "deletedProductId deletedNodeId",
            json!({ "deletedProductId": "1", "deletedNodeId": "UHJvZHVjdDox" }),
        ),
        ("deleteCategory(id: 1)", "deletedCategoryId", json!({ "deletedCategoryId": "1" })),
        ("deleteUser(id: 1)", "deletedUserId", json!({ "deletedUserId": "1" })),
    ]
}

#[tokio::test]
async fn every_mutation_does_what_it_says() {
    let shop = Shop::open().await;
    let mut tried = BTreeSet::from(["verifyCredentials".to_owned()]);

    for (mutation, asked, expected) in mutations() {
        let operation =
            format!("mutation {{ {mutation} {{ {asked} userErrors {{ code field }} }} }}");
        let mut payload = shop.payload(&operation, json!({})).await;
        let errors = payload.as_object_mut().unwrap().remove("userErrors");
        assert_eq!(errors, Some(json!([])), "{mutation}");
        assert_eq!(payload, expected, "{mutation}");
        tried.insert(mutation.split('(').next().unwrap().to_owned());
    }

    let known = shop.data("{ __schema { mutationType { fields { name } } } }", json!({})).await;
    let known = known["__schema"]["mutationType"]["fields"].as_array().unwrap();
    let known: BTreeSet<_> =
        known.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(tried, known, "every mutation has its line here");
}

#[tokio::test]
async fn credentials_are_right_or_wrong() {
    let shop = Shop::open().await;
    shop.user("ann").await;
    let verify = "mutation ($username: String!, $password: String!) {
        verifyCredentials(username: $username, password: $password) { valid user { username } } }";

    for (username, password, valid) in
        [("ann", "password123", true), ("ann", "password124", false), ("bob", "password123", false)]
    {
        let variables = json!({ "username": username, "password": password });
        let payload = shop.payload(verify, variables).await;
        let user = if valid { json!({ "username": "ann" }) } else { Value::Null };
        assert_eq!(payload, json!({ "valid": valid, "user": user }));
    }
}
