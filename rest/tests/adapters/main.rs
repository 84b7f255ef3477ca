//! What the adapters make of a router's answers that a healthy shop does not give.
#![cfg(test)]

mod stub;

use serde_json::{Value, json};
use stub::{Rest, unavailable};

fn user(id: usize) -> Value {
    json!({
        "id": id.to_string(), "username": format!("user{id}"), "email": "", "firstName": "",
        "lastName": "", "dateJoined": "2026-01-31T09:30:00.000000Z",
    })
}

fn page_of_users(ids: std::ops::Range<usize>, next: Option<&str>) -> Value {
    let nodes: Vec<Value> = ids.map(user).collect();
    let info = json!({ "hasNextPage": next.is_some(), "endCursor": next });
    json!({ "data": { "page": { "nodes": nodes, "pageInfo": info } } })
}

fn product() -> Value {
    json!({
        "id": "7", "name": "Mug", "description": "Holds tea", "price": { "amount": "5.00" },
        "category": null, "availableQuantity": 0, "isActive": false, "stockItem": null,
        "createdAt": "2026-01-31T09:30:00.123456Z", "updatedAt": "2026-01-31T09:30:00.123456Z",
    })
}

#[tokio::test]
async fn a_service_that_is_away_is_named() {
    for (subgraph, message) in [
        ("user", "User service unavailable"),
        ("product", "Product service unavailable"),
        ("inventory", "Product service unavailable"),
        ("order", "Order service unavailable"),
    ] {
        let rest = Rest::start(move |_, _| unavailable(subgraph)).await;

        let answer = rest.get("/users/").await;

        assert_eq!(answer.status, 503);
        assert_eq!(answer.json(), json!({ "error": message }));
        assert!(answer.headers.contains_key("retry-after"));
    }
}

#[tokio::test]
async fn what_the_router_should_not_answer_is_our_fault_and_says_nothing_more() {
    for nonsense in [json!([]), json!({ "data": { "page": 5 } }), json!({ "errors": [] })] {
        let rest = Rest::start(move |_, _| nonsense.clone()).await;

        let answer = rest.get("/users/").await;

        assert_eq!(answer.status, 500);
        assert_eq!(answer.json(), json!({ "detail": "Internal server error." }));
    }
}

#[tokio::test]
async fn a_list_is_all_pages_one_after_another() {
    let rest = Rest::start(|_, variables| match variables["after"].as_str() {
        None => page_of_users(0..100, Some("a")),
        Some("a") => page_of_users(100..200, Some("b")),
        _ => page_of_users(200..250, None),
    })
    .await;

    let answer = rest.get("/users/").await;

    let users = answer.json();
    let ids: Vec<u64> =
        users.as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..250).collect::<Vec<_>>());
    assert_eq!(users[0]["date_joined"], "2026-01-31T09:30:00Z");
}

/// The graph searches for texts of 200 characters at most.
#[tokio::test]
async fn a_long_text_is_searched_for_as_a_whole() {
    let row = |id: usize, end: &str| {
        json!({
            "id": id.to_string(), "name": "Mug", "description": format!("{}{end}", "Ä".repeat(200)),
            "price": { "amount": "5.00" }, "category": null, "availableQuantity": 0,
            "isActive": true,
        })
    };
    let page = |rows: Value, next: Option<&str>| {
        let info = json!({ "hasNextPage": next.is_some(), "endCursor": next });
        json!({ "data": { "page": { "nodes": rows, "pageInfo": info } } })
    };
    let rest = Rest::start(move |_, variables| match variables["after"].as_str() {
        None => page(json!([row(1, "no")]), Some("a")),
        Some("a") => page(json!([row(2, "YES"), row(3, "no"), row(4, "yes")]), Some("b")),
        _ => page(json!([row(5, "no")]), None),
    })
    .await;

    let answer = rest.get(&format!("/products/?search={}yes", "%C3%A4".repeat(200))).await;

    let products = answer.json();
    let ids: Vec<&Value> = products.as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [2, 4]);
    assert_eq!(rest.asked()[0].1["filter"]["search"], "ä".repeat(200));
}

#[tokio::test]
async fn a_list_that_ends_too_early_does_not_look_whole() {
    let rest = Rest::start(|_, variables| match variables["after"].as_str() {
        None => page_of_users(0..100, Some("a")),
        _ => unavailable("user"),
    })
    .await;

    assert!(rest.try_get("/users/").await.is_err());
}

#[tokio::test]
async fn a_product_whose_stock_cannot_be_set_is_taken_back() {
    let rest = Rest::start(|operation, _| match operation {
        "CreateProduct" => {
            json!({ "data": { "payload": { "product": product(), "userErrors": [] } } })
        }
        "DeleteProduct" => json!({ "data": { "payload": { "userErrors": [] } } }),
        _ => unavailable("inventory"),
    })
    .await;

    let body = json!({
        "name": "Mug", "description": "Holds tea", "price": "5", "category_id": 1, "stock_quantity": 3,
    });
    let answer = rest.post("/products/", &body).await;

    assert_eq!(answer.status, 503);
    assert_eq!(answer.json(), json!({ "error": "Product service unavailable" }));
    let asked = rest.asked();
    let operations: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(operations, ["CreateProduct", "SetStock", "DeleteProduct"]);
    assert_eq!(asked[0].1["input"]["isActive"], false);
    assert_eq!(asked[2].1["id"], "7");
}

#[tokio::test]
async fn a_faulty_member_cannot_slip_the_others_through() {
    let invalid = |field: &str| json!({ "code": "INVALID", "field": [field], "message": "no" });
    let rest = Rest::start(move |operation, _| match operation {
        "User" => json!({ "data": { "user": user(1) } }),
        _ => json!({ "data": { "payload": { "user": null, "userErrors": [invalid("dateJoined")] } } }),
    })
    .await;

    let body = json!({ "date_joined": "yesterday", "first_name": "Ann" });
    let answer = rest.patch("/users/1/", &body).await;

    assert_eq!(answer.status, 400);
    assert!(
        answer.json()["date_joined"][0].as_str().unwrap().starts_with("Datetime has wrong format")
    );
    let sent = &rest.asked()[1].1["input"]["dateJoined"];
    assert_eq!(sent, "9999-12-31T23:59:59-01:00", "a moment that the graph refuses");
}

#[tokio::test]
async fn a_router_that_is_away_is_waited_for_by_nobody() {
    let rest = Rest::without_router().await;

    let answer = rest.get("/users/").await;

    assert_eq!(answer.status, 503);
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_key_is_passed_on_and_what_becomes_of_it_is_a_status_of_its_own() {
    let body = json!({
        "user_id": 1, "shipping_address": "Mill Lane 1",
        "items": [{"product_id": 1, "quantity": 1, "price": "5.00"}],
    });
    for (code, status, again) in [
        ("CONFLICT", 409, Some("1")),
        ("NOT_FOUND", 409, None),
        ("IDEMPOTENCY_CONFLICT", 422, None),
    ] {
        let fault = json!({ "code": code, "field": ["idempotencyKey"], "message": "as it is" });
        let rest = Rest::start(
            move |_, _| json!({ "data": { "payload": { "order": null, "userErrors": [fault] } } }),
        )
        .await;

        let answer = rest.post_once("/orders/", &body).await;

        assert_eq!(answer.status, status, "{code}");
        assert_eq!(answer.json(), json!({ "error": "As it is." }));
        let retry_after = answer.headers.get("retry-after");
        assert_eq!(retry_after.map(|value| value.to_str().unwrap()), again, "{code}");
        assert_eq!(rest.asked()[0].1["input"]["idempotencyKey"], "k");
    }
}
