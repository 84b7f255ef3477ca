//! `/orders/` and `/api/orders/`.

use super::page;
use super::place_order::place;
use super::product_forms::System;
use crate::fields::{Checked, Faults, LONG_TEXT, Member, integer};
use crate::graph::{Fault, OrderStatus, UserErrorCode, number, op};
use crate::http::{Call, Page, Refusal, Reply, gone, json, list};
use crate::refusals::refused;
use crate::shapes::Order;
use axum::http::StatusCode;

/// The first system lets a client name the owner and the total, and stores what it says. Here they
/// may be named as they are.
pub(crate) static ORDER_CHANGES: &[Member] = &[
    Member::integer("user_id").required(),
    Member::choice("status", &OrderStatus::NAMES),
    Member::money("total_amount").required(),
    Member::text("shipping_address").max(LONG_TEXT).required(),
];

const FIXED: &str = "This field cannot be changed.";

pub(crate) async fn list_orders(call: Call) -> Reply {
    let user_id = match call.parameter("user_id").map(|text| integer(&text)) {
        None => None,
        Some(Some(id)) if (1..=i128::from(i64::MAX)).contains(&id) => Some(id.to_string()),
        // Nobody has this id, so nobody ordered anything.
        Some(Some(_)) => return json(StatusCode::OK, &[(); 0]),
        Some(None) => {
            return Err(Refusal::Invalid(Faults::of("user_id", "A valid integer is required.")));
        }
    };
    let graph = call.graph;
    list(move |after| {
        let (graph, user_id) = (graph.clone(), user_id.clone());
        async move {
            let filter = op::orders::OrderFilter { user_id, status: None };
            let variables = op::orders::Variables { after, filter };
            // Users and products that cannot be shown are left out.
            let page: Page<Order> = page!(graph.ask_part::<op::Orders>(variables).await?.page);
            Ok(page)
        }
    })
    .await
}

pub(crate) async fn create_order(call: Call) -> Reply {
    place(System::First, call).await
}

pub(crate) async fn create_plain_order(call: Call) -> Reply {
    place(System::Second, call).await
}

pub(crate) async fn show_order(call: Call) -> Reply {
    let variables = op::shown_order::Variables { id: call.id() };
    let order = call.graph.ask_part::<op::ShownOrder>(variables).await?.order;
    json(StatusCode::OK, &Order::from(order.ok_or(Refusal::Missing)?))
}

async fn stored(call: &Call) -> Result<op::order::OrderOrder, Refusal> {
    let data = call.graph.ask::<op::Order>(op::order::Variables { id: call.id() }).await?;
    data.order.ok_or(Refusal::Missing)
}

pub(crate) async fn update_order(call: Call) -> Reply {
    let stored = stored(&call).await?;
    let id = call.id();
    let mut changes = call.payload.members().await?.check(ORDER_CHANGES, call.partial);
    let status = compare(&stored, &mut changes);
    let mut changes = changes.valid().map_err(Refusal::Invalid)?;
    let shipping_address = changes.text("shipping_address");
    let input = op::update_order::UpdateOrderInput { status, shipping_address };
    let variables = op::update_order::Variables { id, input };
    let payload = call.graph.ask::<op::UpdateOrder>(variables).await?.payload;
    match (payload.order, payload.user_errors.first()) {
        (Some(order), _) => json(StatusCode::OK, &Order::from(order)),
        // Somebody else moved it meanwhile.
        (None, Some(error)) if error.code == UserErrorCode::IllegalTransition => {
            Err(Refusal::Invalid(Faults::of("status", error.message.clone())))
        }
        (None, _) => Err(refused(payload.user_errors)),
    }
}

/// Notes what cannot be changed, so that all faults are answered at once, and hands out the status.
fn compare(stored: &op::order::OrderOrder, changes: &mut Checked) -> Option<OrderStatus> {
    let owner = i128::from(number(&stored.user_id));
    if changes.integer("user_id").is_some_and(|id| owner != id) {
        changes.faults.add("user_id", FIXED);
    }
    if changes.decimal("total_amount").is_some_and(|total| stored.total.amount != total) {
        changes.faults.add("total_amount", FIXED);
    }
    let named = match changes.faults.has("status") {
        true => None,
        false => changes.text("status").and_then(|name| OrderStatus::named(&name)),
    };
    if let Some(next) = named
        && next != stored.status
        && !stored.allowed_transitions.contains(&next)
    {
        let (from, to) = (stored.status.name(), next.name());
        changes.faults.add("status", format!("An order that is {from} cannot become {to}."));
    }
    named
}

/// The body is not looked at.
pub(crate) async fn cancel_order(call: Call) -> Reply {
    let variables = op::cancel_order::Variables { id: call.id() };
    let payload = call.graph.ask::<op::CancelOrder>(variables).await?.payload;
    if let Some(order) = payload.order {
        return json(StatusCode::OK, &Order::from(order));
    }
    let faults: Vec<Fault> = payload.user_errors.into_iter().map(Fault::from).collect();
    if faults.iter().any(|fault| fault.code == UserErrorCode::IllegalTransition) {
        let status = stored(&call).await?.status.name();
        return Err(Refusal::error(format!("Cannot cancel order with status: {status}")));
    }
    Err(refused(faults))
}

pub(crate) async fn delete_order(call: Call) -> Reply {
    let variables = op::delete_order::Variables { id: call.id() };
    let payload = call.graph.ask::<op::DeleteOrder>(variables).await?.payload;
    if payload.user_errors.is_empty() { gone() } else { Err(refused(payload.user_errors)) }
}
