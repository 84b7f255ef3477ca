//! What can be read.

use super::Loaders;
use super::category::{Category, CategoryConnection};
use super::filter::{ProductFilter, ProductSort};
use super::product::{Product, ProductConnection};
use crate::{Catalogue, Error, store};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{Page, PageArgs};
use commerce::{CategoryId, ProductId};
use std::sync::Arc;

pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The product with this id; null when there is none.
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's id.")] id: ID,
    ) -> Option<Result<Product, Error>> {
        match id.parse() {
            Ok(id) => product(ctx, id).await,
            Err(error) => Some(Err(Error::InvalidId(error))),
        }
    }

    /// The products, newest first unless sorted otherwise.
    #[expect(clippy::too_many_arguments, reason = "the graph's arguments are parameters here")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these; all of them when left out.")] filter: Option<ProductFilter>,
        #[graphql(desc = "In which order.", default_with = "Some(ProductSort::Newest)")]
        sort: Option<ProductSort>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<ProductConnection, Error> {
        let filter = Arc::new(filter.unwrap_or_default().checked()?);
        let sort = sort.unwrap_or_default();
        let page = sort.page(&PageArgs { first, after, last, before })?;
        let db = &ctx.data_unchecked::<Arc<Catalogue>>().db;
        let rows = store::listing::page(db, &filter, sort.order(), &page).await?;
        let slice = page.slice(rows, |product| sort.place(product));
        Ok(ProductConnection::new(
            slice,
            Product,
            Box::new(move |ctx| {
                let filter = Arc::clone(&filter);
                Box::pin(async move {
                    let db = &ctx.data_unchecked::<Arc<Catalogue>>().db;
                    Ok(store::listing::count(db, &filter).await?)
                })
            }),
        ))
    }

    /// The category with this id; null when there is none.
    async fn category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category's id.")] id: ID,
    ) -> Option<Result<Category, Error>> {
        match id.parse() {
            Ok(id) => category(ctx, id).await,
            Err(error) => Some(Err(Error::InvalidId(error))),
        }
    }

    /// The categories, oldest first.
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<CategoryConnection, Error> {
        let page = Page::new("categories", &PageArgs { first, after, last, before })?;
        let db = &ctx.data_unchecked::<Arc<Catalogue>>().db;
        let rows = store::category::page(db, &page).await?;
        let slice = page.slice(rows, |category| i64::from(category.id));
        Ok(CategoryConnection::new(
            slice,
            Category,
            Box::new(|ctx| {
                Box::pin(async move {
                    let db = &ctx.data_unchecked::<Arc<Catalogue>>().db;
                    Ok(store::category::count(db).await?)
                })
            }),
        ))
    }

    // An id that is none names nothing: an error here would fail the whole batch.
    #[graphql(entity)]
    async fn product_entity(&self, ctx: &Context<'_>, id: ID) -> Option<Result<Product, Error>> {
        product(ctx, id.parse().ok()?).await
    }

    #[graphql(entity)]
    async fn category_entity(&self, ctx: &Context<'_>, id: ID) -> Option<Result<Category, Error>> {
        category(ctx, id.parse().ok()?).await
    }
}

async fn product(ctx: &Context<'_>, id: ProductId) -> Option<Result<Product, Error>> {
    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
    loaders.load_one(id).await.map(|product| product.map(Product)).transpose()
}

async fn category(ctx: &Context<'_>, id: CategoryId) -> Option<Result<Category, Error>> {
    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
    loaders.load_one(id).await.map(|category| category.map(Category)).transpose()
}
