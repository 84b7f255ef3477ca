//! The stock, as the second system's inventory service shows it.

use super::members::{object, part};
use super::operation::{Operation, delete, get, patch, post, put};
use crate::adapters::inventory::{STOCK_ITEM, STOCK_ITEM_CHANGES};
use serde_json::{Value, json};

/// The second system's routes.
pub(super) fn second_operations() -> Vec<Operation> {
    let (all, one) = ("/api/inventory/", "/api/inventory/{id}/");
    vec![
        get(all, "inventory", "The stock of all products").lists("StockItem", json!([item()])),
        post(all, "count", "Sets the number of units of a product that are available for sale")
            .describes("Answers 200 instead of 201 when the product had stock already.")
            .takes(object(STOCK_ITEM), json!({"product_id": 1, "quantity": 50}))
            .shows(201, "StockItem", item())
            .shows(200, "StockItem", item()),
        get(one, "inventoryItem", "The stock of one product").shows(200, "StockItem", item()),
        put(one, "recount", "Sets the number of units available for sale")
            .takes(object(STOCK_ITEM_CHANGES), json!({"quantity": 50}))
            .shows(200, "StockItem", item()),
        patch(one, "changeCount", "Sets the number of units available for sale")
            .takes(part(STOCK_ITEM_CHANGES), json!({"quantity": 50}))
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
        "id": 1, "product_id": 1, "quantity": 49, "on_hand": 50, "reserved": 1, "available": 49,
        "updated_at": "2026-01-31T12:34:56.123456Z",
    })
}
