//! Orders.

use super::members::{Members, choice, id, list, long_text, money, quantity};
use super::operation::{Operation, delete, get, patch, post, put};
use super::users::profile;
use crate::graph::OrderStatus;
use serde_json::{Value, json};
use utoipa::openapi::schema::{AnyOfBuilder, Object, ObjectBuilder, Schema, Type};

/// The first system's routes.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations =
        routes(["/orders/", "/orders/{id}/"], |first, _| first, placement().build().into());
    let cancel = post("/orders/{id}/cancel/", "cancelOrder", "Cancels an order")
        .describes("Its stock comes back. The body is not read.")
        .shows(200, "Order", changed())
        .refuses(400, "It is too late.", &["Problem"])
        .refuses(404, "There is no such order.", &["Problem"]);
    operations.push(cancel);
    operations
}

/// The second system's routes.
pub(super) fn second_operations() -> Vec<Operation> {
    let short = Members::of("An order of one product.")
        .must("user_id", id("Who orders."))
        .must("product_id", id("What is ordered."))
        .must("quantity", quantity(1, "How many of it."))
        .may("shipping_address", long_text("Where it goes."));
    let either = AnyOfBuilder::new().item(short.build()).item(placement().build());
    let paths = ["/api/orders/", "/api/orders/{id}/"];
    routes(paths, |_, second| second, either.build().into())
}

/// The same in both systems but for what is taken; `name` picks one of an operation's two names.
fn routes(
    [all, one]: [&'static str; 2],
    name: fn(&'static str, &'static str) -> &'static str,
    placement: Schema,
) -> Vec<Operation> {
    vec![
        get(all, name("orders", "apiOrders"), "All orders, the newest first")
            .filters("user_id", whole(), "Only those of this user.")
            .refuses(400, "This is no user's id.", &["Faults"])
            .lists("Order", json!([order()])),
        post(all, name("placeOrder", "apiPlaceOrder"), "Places an order")
            .describes(
                "Products are sold at their prices of this moment; `price` is checked and ignored. \
                 The stock is taken for all items or for none.",
            )
            .takes(placement, placing())
            .shows(201, "Order", order()),
        get(one, name("order", "apiOrder"), "An order").shows(200, "Order", order()),
        put(one, name("replaceOrder", "apiReplaceOrder"), "Replaces an order")
            .describes("The user and the total must be those that it has.")
            .takes(
                change().build(),
                json!({
                    "user_id": 1, "total_amount": "1059.97", "shipping_address": "Mill Lane 1",
                }),
            )
            .shows(200, "Order", changed()),
        patch(one, name("changeOrder", "apiChangeOrder"), "Changes an order")
            .describes("Orders move on from pending to delivered, or are cancelled before that.")
            .takes(change().optional(), json!({"status": "confirmed"}))
            .shows(200, "Order", changed()),
        delete(one, name("deleteOrder", "apiDeleteOrder"), "Deletes an order")
            .describes("What was not shipped yet can be sold again."),
    ]
}

fn placement() -> Members {
    let item = Members::of("A line.")
        .must("product_id", id("What is ordered."))
        .must("quantity", quantity(1, "How many of it."))
        .must("price", money("Checked, and ignored."));
    Members::of("An order.")
        .must("user_id", id("Who orders."))
        .must("shipping_address", long_text("Where it goes."))
        .must("items", list(item.build(), "What is ordered."))
}

fn change() -> Members {
    Members::of("An order's new values.")
        .must("user_id", id("Must be the one it has."))
        .must("total_amount", money("Must be the one it has."))
        .must("shipping_address", long_text("Where it goes."))
        .may("status", choice(OrderStatus::NAMES, "Where it is on its way."))
}

fn whole() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).build()
}

fn placing() -> Value {
    json!({
        "user_id": 1, "shipping_address": "Mill Lane 1",
        "items": [{"product_id": 4, "quantity": 2, "price": "29.99"}],
    })
}

fn order() -> Value {
    let mut order = changed();
    order["user_info"] = profile();
    order["items"][0]["product_name"] = "Python Programming Book".into();
    order
}

/// As answers to changes show it.
fn changed() -> Value {
    json!({
        "id": 1, "user_id": 1, "status": "pending", "total_amount": "59.98",
        "shipping_address": "Mill Lane 1",
        "items": [{"id": 1, "product_id": 4, "quantity": 2, "price": "29.99"}],
        "created_at": "2026-01-31T12:34:56.123456Z", "updated_at": "2026-01-31T12:34:56.123456Z",
    })
}
