//! `/api/check-stock/` and `/api/update-stock/`: how the first system's services talk about stock.

use super::product::product;
use crate::fields::{Body, Checked, Faults, Member, REQUIRED};
use crate::graph::{Fault, Graph, UserErrorCode, op};
use crate::http::{Call, Refusal, Reply, json, marked};
use crate::refusals::{refused, too_many_units};
use crate::shapes::{Product, StockCheck, StockItem, StockUpdate};
use axum::http::StatusCode;
use serde_json::{Value, json as value};

pub(crate) static STOCK_QUESTION: &[Member] =
    &[Member::integer("product_id"), Member::units("quantity", 0)];

/// Units that a question is about when it does not say.
const ASKED_UNITS: i64 = 1;

pub(crate) async fn check_stock(call: Call) -> Reply {
    let body = call.payload.members().await?.written();
    let (product, mut question) = product_of(&call.graph, &body).await?;
    if !product.is_active {
        return Err(Refusal::Missing);
    }
    let quantity = match question.units("quantity") {
        Some(quantity) => quantity,
        None => question.valid().map(|_| ASKED_UNITS).map_err(Refusal::Invalid)?,
    };
    if product.stock_quantity < quantity {
        let message = format!("Only {} items available", product.stock_quantity);
        let body = value!({ "available": false, "message": message });
        return Err(Refusal::Other(StatusCode::BAD_REQUEST, body));
    }
    let check = StockCheck {
        available: true,
        product_name: product.name,
        price: product.price.parse().unwrap_or_default(),
        stock_quantity: product.stock_quantity,
    };
    json(StatusCode::OK, &check)
}

pub(crate) async fn update_stock(call: Call) -> Reply {
    let idempotency_key = call.idempotency_key?;
    let body = call.payload.members().await?.written();
    let (product, mut change) = product_of(&call.graph, &body).await?;
    let sign = match body.raw("operation") {
        None => -1,
        Some(Value::String(operation)) if operation == "decrease" => -1,
        Some(Value::String(operation)) if operation == "increase" => 1,
        Some(_) => return Err(Refusal::error("Invalid operation")),
    };
    let Some(quantity) = change.units("quantity") else {
        let faults = change.faults;
        let left_out = faults.is_empty();
        let faults = if left_out { Faults::of("quantity", REQUIRED) } else { faults };
        return Err(Refusal::Invalid(faults));
    };
    let input = op::adjust_stock::AdjustStockInput {
        product_id: product.id.to_string(),
        delta: sign * quantity,
        idempotency_key,
        reference: None,
    };
    let variables = op::adjust_stock::Variables { input };
    let answer = call.graph.send::<op::AdjustStock>(variables).await?;
    let replayed = answer.is_replay();
    let payload = answer.whole()?.payload;
    let new_stock = match payload.stock_item {
        Some(item) => item.available,
        // It was done, and somebody forgot the stock of the product since.
        None if replayed => 0,
        None => {
            return Err(not_adjusted(payload.user_errors.into_iter().map(Fault::from).collect()));
        }
    };
    marked(replayed, json(StatusCode::OK, &StockUpdate { success: true, new_stock }))
}

fn not_adjusted(faults: Vec<Fault>) -> Refusal {
    match faults.first().map(|fault| fault.code) {
        Some(UserErrorCode::InsufficientStock) => Refusal::error("Insufficient stock"),
        Some(UserErrorCode::OutOfRange) => too_many_units("quantity"),
        _ => refused(faults),
    }
}

/// The product that is meant. One that is not named is unknown; only then is the rest looked at, as
/// in the first system.
async fn product_of(graph: &Graph, body: &Body) -> Result<(Product, Checked), Refusal> {
    if body.raw("product_id").is_none_or(Value::is_null) {
        return Err(Refusal::Missing);
    }
    let mut checked = body.check(STOCK_QUESTION, false);
    if checked.faults.has("product_id") {
        return Err(Refusal::Invalid(checked.faults));
    }
    let id = checked.integer("product_id").filter(|id| (1..=i128::from(i64::MAX)).contains(id));
    let id = id.ok_or(Refusal::Missing)?;
    Ok((product(graph, id.to_string()).await?, checked))
}

/// From now on so many units of the product can be had. `member` is whom to blame.
pub(super) async fn set_available(
    graph: &Graph,
    product_id: String,
    units: i64,
    member: &str,
) -> Result<StockItem, Refusal> {
    let input = op::set_stock::SetStockInput {
        product_id,
        available: Some(units),
        on_hand: None,
        expected_on_hand: None,
        reference: None,
    };
    let variables = op::set_stock::Variables { input };
    let payload = graph.ask::<op::SetStock>(variables).await?.payload;
    let too_many = |code| code == UserErrorCode::OutOfRange;
    match payload.stock_item {
        Some(item) => Ok(item.into()),
        None if payload.user_errors.iter().any(|error| too_many(error.code)) => {
            Err(too_many_units(member))
        }
        None => Err(refused(payload.user_errors)),
    }
}
