//! `/api/inventory/`: the second system's service for the stock.

use super::page;
use super::product::product;
use crate::fields::{Faults, Member};
use crate::graph::{Graph, UserErrorCode, op};
use crate::http::{Call, Page, Refusal, Reply, gone, json, list};
use crate::refusals::{refused, sentence};
use crate::shapes::StockItem;
use axum::http::StatusCode;

pub(crate) static STOCK_ITEM: &[Member] =
    &[Member::integer("product_id").required(), Member::units("quantity", 0).required()];

/// A stock item stays with its product.
pub(crate) static STOCK_ITEM_CHANGES: &[Member] =
    &[Member::integer("product_id"), Member::units("quantity", 0).required()];

pub(crate) async fn list_items(call: Call) -> Reply {
    let graph = call.graph;
    list(move |after| {
        let graph = graph.clone();
        async move {
            let variables = op::stock_items::Variables { after, product_ids: None };
            let page: Page<StockItem> = page!(graph.ask::<op::StockItems>(variables).await?.page);
            Ok(page)
        }
    })
    .await
}

/// A product that is stocked already is counted anew, which answers 200.
pub(crate) async fn create_item(call: Call) -> Reply {
    let checked = call.payload.members().await?.check(STOCK_ITEM, false);
    let mut item = checked.valid().map_err(Refusal::Invalid)?;
    let product_id = item.integer("product_id").unwrap_or_default();
    let quantity = item.units("quantity").unwrap_or_default();
    if !(1..=i128::from(i64::MAX)).contains(&product_id) {
        return Err(unknown_product(product_id));
    }
    let id = product_id.to_string();
    product(&call.graph, id.clone()).await.map_err(|refusal| match refusal {
        Refusal::Missing => unknown_product(product_id),
        other => other,
    })?;
    let variables = op::stock_items::Variables { after: None, product_ids: Some(vec![id.clone()]) };
    let known = call.graph.ask::<op::StockItems>(variables).await?.page.nodes;
    let status = if known.is_empty() { StatusCode::CREATED } else { StatusCode::OK };
    json(status, &count(&call.graph, id, quantity).await?)
}

pub(crate) async fn show_item(call: Call) -> Reply {
    json(StatusCode::OK, &item(&call).await?)
}

async fn item(call: &Call) -> Result<StockItem, Refusal> {
    let data = call.graph.ask::<op::StockItem>(op::stock_item::Variables { id: call.id() }).await?;
    data.stock_item.map(StockItem::from).ok_or(Refusal::Missing)
}

pub(crate) async fn update_item(call: Call) -> Reply {
    let item = item(&call).await?;
    let mut changes = call.payload.members().await?.check(STOCK_ITEM_CHANGES, call.partial);
    let product_id = changes.integer("product_id");
    if product_id.is_some_and(|id| i128::from(item.product_id) != id) {
        changes.faults.add("product_id", "This field cannot be changed.");
    }
    let mut changes = changes.valid().map_err(Refusal::Invalid)?;
    match changes.units("quantity") {
        Some(quantity) => {
            let product = item.product_id.to_string();
            json(StatusCode::OK, &count(&call.graph, product, quantity).await?)
        }
        None => json(StatusCode::OK, &item),
    }
}

pub(crate) async fn delete_item(call: Call) -> Reply {
    let variables = op::delete_stock_item::Variables { id: call.id() };
    let payload = call.graph.ask::<op::DeleteStockItem>(variables).await?.payload;
    let errors = payload.user_errors;
    match errors.first() {
        None => gone(),
        Some(error) if error.code == UserErrorCode::Conflict => {
            Err(Refusal::error(sentence(&error.message)))
        }
        Some(_) => Err(refused(errors)),
    }
}

/// Sets the number of units available for sale; reserved units come on top.
async fn count(graph: &Graph, product_id: String, units: i64) -> Result<StockItem, Refusal> {
    let input = op::set_stock::SetStockInput {
        product_id,
        on_hand: None,
        available: Some(units),
        expected_on_hand: None,
        reference: None,
    };
    let variables = op::set_stock::Variables { input };
    let payload = graph.ask::<op::SetStock>(variables).await?.payload;
    match (payload.stock_item, payload.user_errors.first()) {
        (Some(item), _) => Ok(item.into()),
        // Together with the reserved units it is more than a product can have.
        (None, Some(error)) if error.code == UserErrorCode::OutOfRange => {
            Err(Refusal::Invalid(Faults::of("quantity", sentence(&error.message))))
        }
        (None, _) => Err(refused(payload.user_errors)),
    }
}

fn unknown_product(id: i128) -> Refusal {
    let message = format!("Invalid pk \"{id}\" - object does not exist.");
    Refusal::Invalid(Faults::of("product_id", message))
}
