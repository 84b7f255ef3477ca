//! POST of an order, in the forms of both systems.

use super::product_forms::System;
use crate::fields::{Body, Checked, Faults, LONG_TEXT, Member};
use crate::graph::{Fault, UserErrorCode, op};
use crate::http::{Call, Refusal, Reply, json, marked};
use crate::refusals::{refused, sentence};
use crate::shapes::Order;
use axum::http::StatusCode;
use serde_json::json as value;

/// The first system wants to be told a price, checks how it is written, and takes the product's.
pub(crate) static NEW_ORDER: &[Member] = &[
    Member::integer("user_id").required(),
    Member::text("shipping_address").max(LONG_TEXT).required(),
    Member::list(
        "items",
        &[
            Member::integer("product_id").required(),
            Member::requested_units("quantity").required(),
            Member::ignored_price("price").required(),
        ],
    )
    .required(),
];

/// The second system's short form: one product, and the address may be missing.
pub(crate) static SHORT_ORDER: &[Member] = &[
    Member::integer("user_id").required(),
    Member::text("shipping_address").max(LONG_TEXT),
    Member::integer("product_id").required(),
    Member::requested_units("quantity").required(),
];

/// Where an order goes whose client did not say; the graph wants to hear something.
const NO_ADDRESS: &str = "not given";

/// An order that is written as it must be.
struct Wanted {
    user_id: i128,
    shipping_address: String,
    /// Product and quantity.
    lines: Vec<(i128, i64)>,
}

/// Places the order that a request describes.
pub(super) async fn place(system: System, call: Call) -> Reply {
    let idempotency_key = call.idempotency_key?;
    let body = call.payload.members().await?;
    let wanted = match system {
        System::Second if !body.has("items") && body.has("product_id") => short(&body)?,
        _ => itemised(&body)?,
    };
    if !is_id(wanted.user_id) {
        return Err(Refusal::error("User not found"));
    }
    let line = |(product_id, quantity): &(i128, i64)| op::place_order::OrderLineInput {
        // What is no id is the id of nothing: the graph reports it at its place, after the user.
        product_id: if is_id(*product_id) { *product_id } else { i128::from(i64::MAX) }.to_string(),
        quantity: *quantity,
    };
    let input = op::place_order::PlaceOrderInput {
        user_id: wanted.user_id.to_string(),
        shipping_address: wanted.shipping_address,
        lines: wanted.lines.iter().map(line).collect(),
        expected_total: None,
        idempotency_key,
    };
    let variables = op::place_order::Variables { input };
    let answer = call.graph.send::<op::PlaceOrder>(variables).await?;
    let replayed = answer.is_replay();
    // The order is placed even if the user cannot be shown any more.
    let payload = answer.part()?.payload;
    match payload.order {
        Some(order) => marked(replayed, json(StatusCode::CREATED, &Order::from(order))),
        None => {
            let faults = payload.user_errors.into_iter().map(Fault::from).collect();
            Err(refusal(system, &wanted.lines, faults))
        }
    }
}

fn itemised(body: &Body) -> Result<Wanted, Refusal> {
    let mut order = body.check(NEW_ORDER, false).valid().map_err(Refusal::Invalid)?;
    let line = |mut item: Checked| {
        let product = item.integer("product_id").unwrap_or_default();
        (product, item.units("quantity").unwrap_or_default())
    };
    Ok(Wanted {
        user_id: order.integer("user_id").unwrap_or_default(),
        shipping_address: order.text("shipping_address").unwrap_or_default(),
        lines: order.list("items").into_iter().map(line).collect(),
    })
}

fn short(body: &Body) -> Result<Wanted, Refusal> {
    let mut order = body.check(SHORT_ORDER, false).valid().map_err(Refusal::Invalid)?;
    let product = order.integer("product_id").unwrap_or_default();
    let quantity = order.units("quantity").unwrap_or_default();
    Ok(Wanted {
        user_id: order.integer("user_id").unwrap_or_default(),
        shipping_address: order.text("shipping_address").unwrap_or(NO_ADDRESS.to_owned()),
        lines: vec![(product, quantity)],
    })
}

fn is_id(number: i128) -> bool {
    (1..i128::from(i64::MAX)).contains(&number)
}

/// The user first, then the first line that cannot be had, as the first system looks at them.
fn refusal(system: System, lines: &[(i128, i64)], faults: Vec<Fault>) -> Refusal {
    let at = |fault: &Fault, field: &str| fault.path.first().is_some_and(|it| it == field);
    if faults.iter().any(|fault| at(fault, "userId")) {
        return Refusal::error("User not found");
    }
    if faults.iter().any(|fault| fault.path.is_empty() && fault.code == UserErrorCode::OutOfRange) {
        let message = "Ensure that there are no more than 10 digits in total.";
        return Refusal::Invalid(Faults::of("total_amount", message));
    }
    let first_line = faults
        .iter()
        .filter_map(|fault| Some((index_of(fault)?, fault.code)))
        .min_by_key(|(index, _)| *index);
    if let Some((index, code)) = first_line {
        let product = lines.get(index).map_or(0, |(product, _)| *product);
        return Refusal::error(match (system, code) {
            (System::First, _) => {
                format!("Product {product} is not available or insufficient stock")
            }
            (System::Second, UserErrorCode::NotFound) => format!("Product {product} not found"),
            (System::Second, _) => format!("Insufficient stock for product {product}"),
        });
    }
    // More lines than the graph takes: the only fault of the list as a whole that comes this far.
    match faults.iter().find(|fault| at(fault, "lines")) {
        Some(fault) => {
            let items = value!({ "items": { "non_field_errors": [sentence(&fault.message)] } });
            Refusal::Other(StatusCode::BAD_REQUEST, items)
        }
        None => refused(faults),
    }
}

/// The position in `lines.N.…`.
fn index_of(fault: &Fault) -> Option<usize> {
    match fault.path.as_slice() {
        [lines, index, ..] if lines == "lines" => index.parse().ok(),
        _ => None,
    }
}
