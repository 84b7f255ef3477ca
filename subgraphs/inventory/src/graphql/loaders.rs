//! Every entity and association goes through here: one statement a batch.

use crate::domain::{Line, Reservation, ReservationId, StockItem, StockMovement};
use crate::{Error, store};
use async_graphql::dataloader::Loader;
use chassis::Db;
use chassis::graphql::{PageOf, Slice, by_page};
use commerce::{ProductId, StockItemId};
use std::collections::HashMap;

/// Loads for one request.
pub(crate) struct Loaders {
    db: Db,
}

/// How many rows the ledger has about a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MovementCountOf(pub(crate) ProductId);

/// The lines of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LinesOf(pub(crate) ReservationId);

impl Loaders {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Loader<StockItemId> for Loaders {
    type Value = StockItem;
    type Error = Error;

    async fn load(&self, ids: &[StockItemId]) -> Result<HashMap<StockItemId, StockItem>, Error> {
        let items = store::stock_item::by_ids(&self.db, ids).await?;
        Ok(items.into_iter().map(|item| (item.id, item)).collect())
    }
}

impl Loader<ProductId> for Loaders {
    type Value = StockItem;
    type Error = Error;

    async fn load(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, StockItem>, Error> {
        let items = store::stock_item::by_products(&self.db, ids).await?;
        Ok(items.into_iter().map(|item| (item.product_id, item)).collect())
    }
}

impl Loader<ReservationId> for Loaders {
    type Value = Reservation;
    type Error = Error;

    async fn load(
        &self,
        ids: &[ReservationId],
    ) -> Result<HashMap<ReservationId, Reservation>, Error> {
        let reservations = store::reservation::by_ids(&self.db, ids).await?;
        Ok(reservations.into_iter().map(|reservation| (reservation.id, reservation)).collect())
    }
}

impl Loader<LinesOf> for Loaders {
    type Value = Vec<Line>;
    type Error = Error;

    async fn load(&self, keys: &[LinesOf]) -> Result<HashMap<LinesOf, Vec<Line>>, Error> {
        let ids: Vec<ReservationId> = keys.iter().map(|LinesOf(id)| *id).collect();
        let mut lines: HashMap<LinesOf, Vec<Line>> = HashMap::new();
        for row in store::reservation::lines_of(&self.db, &ids).await? {
            lines.entry(LinesOf(row.reservation)).or_default().push(row.line());
        }
        Ok(lines)
    }
}

impl Loader<PageOf<ProductId>> for Loaders {
    type Value = Slice<StockMovement>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PageOf<ProductId>],
    ) -> Result<HashMap<PageOf<ProductId>, Slice<StockMovement>>, Error> {
        let mut slices = HashMap::new();
        for group in by_page(keys) {
            let ids = group.parent_ids();
            let rows = store::ledger::page_of_products(&self.db, &ids, group.page).await?;
            slices.extend(
                group.deal(rows, |movement| {
                    (i64::from(movement.product_id), i64::from(movement.id))
                }),
            );
        }
        Ok(slices)
    }
}

impl Loader<MovementCountOf> for Loaders {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[MovementCountOf]) -> Result<HashMap<MovementCountOf, i64>, Error> {
        let ids: Vec<i64> = keys.iter().map(|MovementCountOf(id)| i64::from(*id)).collect();
        let counts = store::ledger::count_of_products(&self.db, &ids).await?;
        let counts: HashMap<i64, i64> = counts.into_iter().collect();
        let count = |key: &MovementCountOf| counts.get(&i64::from(key.0)).copied().unwrap_or(0);
        Ok(keys.iter().map(|key| (*key, count(key))).collect())
    }
}
