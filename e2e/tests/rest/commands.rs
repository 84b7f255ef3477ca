//! The documented commands, word by word; only the ports are those of this run.

use crate::shop::Shop;
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::process::Command;

#[tokio::test]
async fn the_documented_curl_commands_create_a_user_a_category_a_product_and_an_order() {
    let shop = Shop::start().await;
    let user = r#"curl -X POST http://localhost:8000/users/ -H "Content-Type: application/json" -d '{"username": "john_doe", "email": "john@example.com", "password": "password123", "first_name": "John", "last_name": "Doe", "phone": "1234567890", "address": "123 Main St"}'"#;
    let Some(user) = run(&shop, user) else { return };
    let joined = user["date_joined"].clone();
    assert!(joined.is_string(), "{user}");
    let expected = json!({
        "id": 1, "username": "john_doe", "email": "john@example.com",
        "first_name": "John", "last_name": "Doe", "date_joined": joined,
    });
    assert_eq!(user, expected);

    let category = r#"curl -X POST http://localhost:8001/categories/ -H "Content-Type: application/json" -d '{"name": "Electronics", "description": "Electronic devices"}'"#;
    assert_eq!(run(&shop, category).unwrap()["id"], 1);

    let product = r#"curl -X POST http://localhost:8001/products/ -H "Content-Type: application/json" -d '{"name": "iPhone 15", "description": "Latest iPhone", "price": "999.99", "category_id": 1, "stock_quantity": 50}'"#;
    let product = run(&shop, product).unwrap();
    assert_eq!((&product["price"], &product["stock_quantity"]), (&json!("999.99"), &json!(50)));
    assert_eq!(product["category"]["name"], "Electronics");

    let order = r#"curl -X POST http://localhost:8002/orders/ -H "Content-Type: application/json" -d '{"user_id": 1, "shipping_address": "123 Main St", "items": [{"product_id": 1, "quantity": 2, "price": "999.99"}]}'"#;
    let order = run(&shop, order).unwrap();
    assert_eq!((&order["id"], &order["status"]), (&json!(1), &json!("pending")));
    assert_eq!(order["total_amount"], "1999.98");
    assert_eq!(order["items"][0]["product_name"], "iPhone 15");
    assert_eq!(order["user_info"]["user"]["username"], "john_doe");

    let list = run(&shop, "curl http://localhost:8001/products/").unwrap();
    assert_eq!(list[0]["stock_quantity"], 48);
}

/// What a command prints; `None`, after saying so, where there is no curl.
fn run(shop: &Shop, command: &str) -> Option<Value> {
    if let Err(error) = Command::new("curl").arg("--version").output()
        && error.kind() == ErrorKind::NotFound
    {
        testing::skipped("documented curl commands", "curl is not installed");
        return None;
    }
    let services = [("8000", "user"), ("8001", "product"), ("8002", "order"), ("8003", "order")];
    let command = services.iter().fold(command.to_owned(), |command, (port, service)| {
        let base = shop.agora.rest_url(service).trim_end_matches('/');
        command.replace(&format!("http://localhost:{port}"), base)
    });
    let output = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{command}: {error}: {text}")))
}
