//! Orders.

use super::members::{object, part};
use super::operation::{Operation, delete, get, patch, post, put};
use super::users::profile;
use crate::adapters::order::ORDER_CHANGES;
use crate::adapters::place_order::{NEW_ORDER, SHORT_ORDER};
use serde_json::{Value, json};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Schema, Type};

/// The first system's routes.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations =
        routes(["/orders/", "/orders/{id}/"], |first, _| first, object(NEW_ORDER).into());
    let cancel = post("/orders/{id}/cancel/", "cancelOrder", "Cancels an order")
        .describes("Its stock comes back. The body is not read.")
        .shows(200, "Order", changed())
        .refuses(400, "It is too late.", &["Problem"])
        .refuses(404, "There is no such order.", &["Problem", "Detail"]);
    operations.push(cancel);
    operations
}

/// The second system's routes.
pub(super) fn second_operations() -> Vec<Operation> {
    let either = AnyOfBuilder::new().item(object(SHORT_ORDER)).item(object(NEW_ORDER));
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
            .filters("user_id", whose(), "Only those of this user.")
            .refuses(400, "This is no user's id.", &["Faults"])
            .lists("Order", json!([order()])),
        post(all, name("placeOrder", "apiPlaceOrder"), "Places an order")
            .describes(
                "Products are sold at their prices of this moment; `price` is checked and ignored. \
                 The stock is taken for all items or for none.",
            )
            .takes(placement, placing())
            .shows(201, "Order", order())
            .repeats(201)
            .refuses(
                409,
                "The first attempt of this name still runs (`Retry-After` says when to ask \
                 again), or the order that it placed was deleted.",
                &["Problem"],
            ),
        get(one, name("order", "apiOrder"), "An order").shows(200, "Order", order()),
        put(one, name("replaceOrder", "apiReplaceOrder"), "Replaces an order")
            .describes("The user and the total must be those that it has.")
            .takes(
                object(ORDER_CHANGES),
                json!({
                    "user_id": 1, "total_amount": "1059.97", "shipping_address": "Mill Lane 1",
                }),
            )
            .shows(200, "Order", changed()),
        patch(one, name("changeOrder", "apiChangeOrder"), "Changes an order")
            .describes("Orders move on from pending to delivered, or are cancelled before that.")
            .takes(part(ORDER_CHANGES), json!({"status": "confirmed"}))
            .shows(200, "Order", changed()),
        delete(one, name("deleteOrder", "apiDeleteOrder"), "Deletes an order")
            .describes("What was not shipped yet can be sold again."),
    ]
}

/// A user's id, or nothing for all of them.
fn whose() -> Schema {
    let id = ObjectBuilder::new().schema_type(Type::Integer);
    let nothing = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0));
    AnyOfBuilder::new().item(id).item(nothing).build().into()
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
