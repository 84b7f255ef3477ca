//! The stock, as the second system's inventory service shows it.

use super::members::{Members, id, quantity};
use super::operation::{Operation, delete, get, patch, post, put};
use serde_json::{Value, json};

/// The second system's routes.
pub(super) fn second_operations() -> Vec<Operation> {
    let (all, one) = ("/api/inventory/", "/api/inventory/{id}/");
    let counted = Members::of("A count.")
        .must("product_id", id("The product."))
        .must("quantity", quantity(0, "How many there are."));
    let count = || Members::of("A count.").must("quantity", quantity(0, "How many there are."));
    vec![
        get(all, "inventory", "The stock of all products").lists("StockItem", json!([item()])),
        post(all, "count", "Says how many of a product there are")
            .describes("Answers 200 instead of 201 when the product had stock already.")
            .takes(counted.build(), json!({"product_id": 1, "quantity": 50}))
            .shows(201, "StockItem", item())
            .shows(200, "StockItem", item()),
        get(one, "inventoryItem", "The stock of one product").shows(200, "StockItem", item()),
        put(one, "recount", "Says how many there are now")
            .takes(count().build(), json!({"quantity": 50}))
            .shows(200, "StockItem", item()),
        patch(one, "changeCount", "Says how many there are now")
            .takes(count().optional(), json!({"quantity": 50}))
            .shows(200, "StockItem", item()),
        delete(one, "deleteCount", "Forgets the stock of a product").refuses(
            400,
            "Orders hold some of it.",
            &["Problem"],
        ),
    ]
}

fn item() -> Value {
    json!({
        "id": 1, "product_id": 1, "quantity": 50, "reserved": 1, "available": 49,
        "updated_at": "2026-01-31T12:34:56.123456Z",
    })
}
