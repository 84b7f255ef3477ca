//! Products that come with their stock: one request, two subgraphs.

use super::product_forms::Described;
use super::stock::set_available;
use crate::graph::{Graph, later, op};
use crate::http::Refusal;
use crate::refusals::{refused, unknown_category};
use crate::shapes::Product;

/// Creates a product, with its stock.
///
/// Both or neither: the product is created inactive, the stock is set, and only then is the product
/// put on sale. When one of these steps fails, the product is deleted again. When this process dies
/// in between, what stays is an inactive product: no list shows it, nobody can order it, and it can
/// be deleted or put on sale like any other. A product that is to be inactive all along differs
/// from that only in its stock. What is taken back has used up an id all the same.
pub(super) async fn create(graph: &Graph, product: Described) -> Result<Product, Refusal> {
    let stock = product.stock_quantity.filter(|units| *units > 0);
    let active = product.is_active.unwrap_or(true);
    let mut created = insert(graph, product, active && stock.is_none()).await?;
    let Some(units) = stock else { return Ok(created) };

    let id = created.id.to_string();
    let stocked = async {
        let item = set_available(graph, id.clone(), units, "stock_quantity").await?;
        created.stock_quantity = item.available;
        created.updated_at = later(created.updated_at.clone(), Some(item.updated_at));
        if active { Ok(Some(activate(graph, id.clone()).await?)) } else { Ok(None) }
    };
    match stocked.await {
        Ok(activated) => Ok(activated.unwrap_or(created)),
        Err(refusal) => {
            undo(graph, id).await;
            Err(refusal)
        }
    }
}

async fn insert(graph: &Graph, product: Described, active: bool) -> Result<Product, Refusal> {
    let category = product.category_id;
    let name = product.name.unwrap_or_default();
    let input = op::create_product::CreateProductInput {
        // The graph wants to hear something about each product; the second system's clients need
        // not say anything.
        description: product.description.unwrap_or_else(|| name.clone()),
        name,
        price: product.price.unwrap_or_default(),
        category_id: category_text(category)?,
        is_active: Some(active),
    };
    let variables = op::create_product::Variables { input };
    let payload = graph.ask::<op::CreateProduct>(variables).await?.payload;
    match (payload.product, category) {
        (Some(product), _) => Ok(product.into()),
        (None, Some(category)) if names_category(&payload.user_errors, |it| &it.field) => {
            Err(unknown_category(category))
        }
        (None, _) => Err(refused(payload.user_errors)),
    }
}

/// Changes a product, then its stock: in this order, because only the product's changes are likely
/// to be refused. When the stock cannot be set, the client hears so and can send the same again.
pub(super) async fn update(
    graph: &Graph,
    id: String,
    changes: Described,
) -> Result<Product, Refusal> {
    let category = changes.category_id;
    let input = op::update_product::UpdateProductInput {
        name: changes.name,
        description: changes.description,
        price: changes.price,
        category_id: category_text(category)?,
        is_active: changes.is_active,
    };
    let mut product = change(graph, id.clone(), input, category).await?;
    if let Some(units) = changes.stock_quantity {
        let item = set_available(graph, id, units, "stock_quantity").await?;
        product.stock_quantity = item.available;
        product.updated_at = later(product.updated_at, Some(item.updated_at));
    }
    Ok(product)
}

async fn change(
    graph: &Graph,
    id: String,
    input: op::update_product::UpdateProductInput,
    category: Option<i128>,
) -> Result<Product, Refusal> {
    let variables = op::update_product::Variables { id, input };
    let payload = graph.ask::<op::UpdateProduct>(variables).await?.payload;
    match (payload.product, category) {
        (Some(product), _) => Ok(product.into()),
        (None, Some(category)) if names_category(&payload.user_errors, |it| &it.field) => {
            Err(unknown_category(category))
        }
        (None, _) => Err(refused(payload.user_errors)),
    }
}

async fn activate(graph: &Graph, id: String) -> Result<Product, Refusal> {
    let input = op::update_product::UpdateProductInput {
        name: None,
        description: None,
        price: None,
        category_id: None,
        is_active: Some(true),
    };
    change(graph, id, input, None).await
}

/// Takes back a product whose stock could not be set.
async fn undo(graph: &Graph, id: String) {
    let variables = op::delete_product::Variables { id: id.clone() };
    if let Err(refusal) = graph.ask::<op::DeleteProduct>(variables).await {
        tracing::error!(product = id, ?refusal, "An unfinished product stays, inactive.");
    }
}

/// The id as the graph writes it. What is no id is no category either.
fn category_text(category: Option<i128>) -> Result<Option<String>, Refusal> {
    match category {
        Some(id) if !(1..=i128::from(i64::MAX)).contains(&id) => Err(unknown_category(id)),
        Some(id) => Ok(Some(id.to_string())),
        None => Ok(None),
    }
}

fn names_category<T>(errors: &[T], field: impl Fn(&T) -> &Option<Vec<String>>) -> bool {
    let is_category = |path: &Vec<String>| path.first().is_some_and(|it| it == "categoryId");
    errors.iter().any(|error| field(error).as_ref().is_some_and(is_category))
}
