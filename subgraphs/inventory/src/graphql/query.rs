//! What can be read.

use super::product::Product;
use super::stock_item::{StockItem, StockItemConnection};
use super::{Loaders, reservation::Reservation};
use crate::domain::ReservationId;
use crate::{Error, Inventory, domain, store};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{Page, PageArgs};
use commerce::{InvalidId, ProductId, StockItemId};
use std::sync::Arc;

/// Most ids that one filter names.
const FILTER_IDS: usize = 100;

pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The stock item with this id; null when there is none.
    async fn stock_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stock item's id, not the product's.")] id: ID,
    ) -> Option<Result<StockItem, Error>> {
        match id.parse::<StockItemId>() {
            Ok(id) => item(ctx, id).await,
            Err(error) => Some(Err(error.into())),
        }
    }

    /// The stock items, oldest first.
    async fn stock_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only the stock of these products; at most 100.")] product_ids: Option<
            Vec<ID>,
        >,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<StockItemConnection, Error> {
        let products = Arc::new(product_ids.as_deref().map(checked).transpose()?);
        let page = Page::new("stockItems", &PageArgs { first, after, last, before })?;
        let db = &ctx.data_unchecked::<Inventory>().db;
        let rows = store::stock_item::page(db, products.as_deref(), &page).await?;
        let slice = page.slice(rows, |item| i64::from(item.id));
        Ok(StockItemConnection::new(
            slice,
            StockItem,
            Box::new(move |ctx| {
                let products = Arc::clone(&products);
                Box::pin(async move {
                    let db = &ctx.data_unchecked::<Inventory>().db;
                    Ok(store::stock_item::count(db, products.as_deref()).await?)
                })
            }),
        ))
    }

    /// The reservation with this id; null when there is none.
    async fn reservation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reservation's id.")] id: ID,
    ) -> Option<Result<Reservation, Error>> {
        match id.parse::<ReservationId>() {
            Ok(id) => reservation(ctx, id).await,
            Err(error) => Some(Err(error.into())),
        }
    }

    // An id that is none is unknown here: one error would take the whole batch with it.

    #[graphql(entity)]
    async fn product_entity(&self, id: ID) -> Option<Product> {
        id.parse().ok().map(Product)
    }

    #[graphql(entity)]
    async fn stock_item_entity(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Option<Result<StockItem, Error>> {
        item(ctx, id.parse().ok()?).await
    }

    #[graphql(entity)]
    async fn reservation_entity(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Option<Result<Reservation, Error>> {
        reservation(ctx, id.parse().ok()?).await
    }
}

fn checked(ids: &[ID]) -> Result<Vec<ProductId>, Error> {
    if ids.len() > FILTER_IDS {
        return Err(Error::InvalidFilter(format!("productIds names more than {FILTER_IDS}")));
    }
    Ok(ids.iter().map(|id| id.parse()).collect::<Result<_, InvalidId>>()?)
}

async fn item(ctx: &Context<'_>, id: StockItemId) -> Option<Result<StockItem, Error>> {
    let found: Result<Option<domain::StockItem>, Error> = loaders(ctx).load_one(id).await;
    found.map(|found| found.map(StockItem)).transpose()
}

async fn reservation(ctx: &Context<'_>, id: ReservationId) -> Option<Result<Reservation, Error>> {
    let found: Result<Option<domain::Reservation>, Error> = loaders(ctx).load_one(id).await;
    found.map(|found| found.map(Reservation)).transpose()
}

fn loaders<'c>(ctx: &Context<'c>) -> &'c DataLoader<Loaders> {
    ctx.data_unchecked::<DataLoader<Loaders>>()
}
