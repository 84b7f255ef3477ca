//! `/products/`, `/api/products/` and `/api/product/{id}/`.

use super::page;
use super::product_forms::System;
use super::write_product::{create, update};
use crate::graph::{Graph, op};
use crate::http::{Call, Page, Refusal, Reply, gone, json, list};
use crate::refusals::refused;
use crate::shapes::{Product, ProductRow};
use axum::http::StatusCode;

/// Longer texts than this the graph does not search for.
const SEARCH_CHARS: usize = 200;

macro_rules! filter {
    ($operation:ident, $wanted:expr) => {{
        let wanted = $wanted;
        op::$operation::ProductFilter {
            category: wanted.category,
            search: wanted.search,
            is_active: Some(true),
            category_id: None,
            ids: None,
            max_price: None,
            min_price: None,
        }
    }};
}

/// Which products a list shows.
#[derive(Clone, Debug)]
struct Wanted {
    category: Option<String>,
    /// As much of the text as the graph searches for.
    search: Option<String>,
    /// The whole text in small letters, if that is more.
    whole: Option<String>,
}

impl Wanted {
    /// `None`: no product can be like this.
    fn of(call: &Call) -> Option<Self> {
        let (category, search) = (call.parameter("category"), call.parameter("search"));
        let is_long = |text: &String| text.chars().nth(SEARCH_CHARS).is_some();
        // Nothing that is stored has the NUL character in it, and no category's name is this long.
        let nul = |text: &String| text.contains('\0');
        if category.as_ref().is_some_and(|it| nul(it) || is_long(it))
            || search.as_ref().is_some_and(nul)
        {
            return None;
        }
        let whole = search.as_ref().filter(|text| is_long(text)).map(|text| text.to_lowercase());
        let search = search.map(|text| text.chars().take(SEARCH_CHARS).collect());
        Some(Self { category, search, whole })
    }

    /// Whether the product has all of the text in it. A name is never as long as a text that the
    /// graph does not take whole.
    fn has_whole(&self, description: &str) -> bool {
        self.whole.as_ref().is_none_or(|text| description.to_lowercase().contains(text))
    }
}

/// The first system lists products in a short form, newest first, and only those for sale.
pub(crate) async fn list_rows(call: Call) -> Reply {
    let Some(wanted) = Wanted::of(&call) else { return json(StatusCode::OK, &[(); 0]) };
    let graph = call.graph;
    list(move |after| {
        let (graph, wanted) = (graph.clone(), wanted.clone());
        async move {
            let filter = filter!(product_rows, wanted.clone());
            let variables = op::product_rows::Variables { after, filter };
            let mut page: Page<ProductRow> =
                page!(graph.ask::<op::ProductRows>(variables).await?.page);
            page.rows.retain(|product| wanted.has_whole(&product.description));
            Ok(page)
        }
    })
    .await
}

/// The second system's list: the same products, in full.
pub(crate) async fn list_products(call: Call) -> Reply {
    let Some(wanted) = Wanted::of(&call) else { return json(StatusCode::OK, &[(); 0]) };
    let graph = call.graph;
    list(move |after| {
        let (graph, wanted) = (graph.clone(), wanted.clone());
        async move {
            let filter = filter!(products, wanted.clone());
            let variables = op::products::Variables { after, filter };
            let mut page: Page<Product> = page!(graph.ask::<op::Products>(variables).await?.page);
            page.rows.retain(|product| wanted.has_whole(&product.description));
            Ok(page)
        }
    })
    .await
}

pub(crate) async fn create_product(call: Call) -> Reply {
    create_as(System::First, call).await
}

pub(crate) async fn create_plain_product(call: Call) -> Reply {
    create_as(System::Second, call).await
}

async fn create_as(system: System, call: Call) -> Reply {
    let checked = system.check(&call.payload.members().await?, false);
    let described = checked.valid().map_err(Refusal::Invalid)?.into();
    let graph = call.graph;
    let created = to_its_end(async move { create(&graph, described).await }).await?;
    json(StatusCode::CREATED, &created)
}

/// Whoever waits may go away: what takes several writes is done to its end all the same.
async fn to_its_end(
    work: impl Future<Output = Result<Product, Refusal>> + Send + 'static,
) -> Result<Product, Refusal> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(error) => Err(Refusal::internal(error.to_string())),
    }
}

pub(crate) async fn show_product(call: Call) -> Reply {
    json(StatusCode::OK, &product(&call.graph, call.id()).await?)
}

/// The first system's way for its other services to ask about a product: not about those that are
/// not for sale.
pub(crate) async fn show_active_product(call: Call) -> Reply {
    let product = product(&call.graph, call.id()).await?;
    if product.is_active { json(StatusCode::OK, &product) } else { Err(Refusal::Missing) }
}

pub(super) async fn product(graph: &Graph, id: String) -> Result<Product, Refusal> {
    let data = graph.ask::<op::Product>(op::product::Variables { id }).await?;
    data.product.map(Product::from).ok_or(Refusal::Missing)
}

pub(crate) async fn update_product(call: Call) -> Reply {
    update_as(System::First, call).await
}

pub(crate) async fn update_plain_product(call: Call) -> Reply {
    update_as(System::Second, call).await
}

async fn update_as(system: System, call: Call) -> Reply {
    product(&call.graph, call.id()).await?;
    let id = call.id();
    let checked = system.check(&call.payload.members().await?, call.partial);
    let described = checked.valid().map_err(Refusal::Invalid)?.into();
    let graph = call.graph;
    let updated = to_its_end(async move { update(&graph, id, described).await }).await?;
    json(StatusCode::OK, &updated)
}

pub(crate) async fn delete_product(call: Call) -> Reply {
    let variables = op::delete_product::Variables { id: call.id() };
    let payload = call.graph.ask::<op::DeleteProduct>(variables).await?.payload;
    if payload.user_errors.is_empty() { gone() } else { Err(refused(payload.user_errors)) }
}
