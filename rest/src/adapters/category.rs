//! `/categories/`.

use super::page;
use crate::fields::{LONG_TEXT, Member};
use crate::graph::op;
use crate::http::{Call, Page, Refusal, Reply, gone, json, list};
use crate::refusals::{refusal, refused};
use crate::shapes::Category;
use axum::http::StatusCode;

pub(crate) static CATEGORY: &[Member] = &[
    Member::text("name").max(100).required(),
    Member::text("description").max(LONG_TEXT).or_blank(),
];

pub(crate) async fn list_categories(call: Call) -> Reply {
    let graph = call.graph;
    list(move |after| {
        let graph = graph.clone();
        async move {
            let variables = op::categories::Variables { after };
            let page: Page<Category> = page!(graph.ask::<op::Categories>(variables).await?.page);
            Ok(page)
        }
    })
    .await
}

pub(crate) async fn create_category(call: Call) -> Reply {
    let mut category = call.payload.members().await?.check(CATEGORY, false);
    let input = op::create_category::CreateCategoryInput {
        name: category.text("name").unwrap_or_default(),
        description: category.text("description"),
    };
    let variables = op::create_category::Variables { input };
    let payload = call.graph.ask::<op::CreateCategory>(variables).await?.payload;
    match payload.category {
        Some(category) => json(StatusCode::CREATED, &Category::from(category)),
        None => Err(refusal(category.faults, payload.user_errors)),
    }
}

pub(crate) async fn show_category(call: Call) -> Reply {
    json(StatusCode::OK, &category(&call).await?)
}

async fn category(call: &Call) -> Result<Category, Refusal> {
    let data = call.graph.ask::<op::Category>(op::category::Variables { id: call.id() }).await?;
    data.category.map(Category::from).ok_or(Refusal::Missing)
}

pub(crate) async fn update_category(call: Call) -> Reply {
    category(&call).await?;
    let id = call.id();
    let mut changes = call.payload.members().await?.check(CATEGORY, call.partial);
    let input = op::update_category::UpdateCategoryInput {
        name: changes.text("name"),
        description: changes.text("description"),
    };
    let variables = op::update_category::Variables { id, input };
    let payload = call.graph.ask::<op::UpdateCategory>(variables).await?.payload;
    match payload.category {
        Some(category) => json(StatusCode::OK, &Category::from(category)),
        None => Err(refusal(changes.faults, payload.user_errors)),
    }
}

/// Deletes the category's products too.
pub(crate) async fn delete_category(call: Call) -> Reply {
    let variables = op::delete_category::Variables { id: call.id() };
    let payload = call.graph.ask::<op::DeleteCategory>(variables).await?.payload;
    if payload.user_errors.is_empty() { gone() } else { Err(refused(payload.user_errors)) }
}
