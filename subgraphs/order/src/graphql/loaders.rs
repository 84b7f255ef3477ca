//! Every entity and association goes through here: one statement a batch.

use crate::domain::{Order, OrderEvent, OrderLine};
use crate::{Error, store};
use async_graphql::dataloader::Loader;
use chassis::Db;
use chassis::graphql::{PageOf, Slice, by_page};
use commerce::{OrderId, UserId};
use std::collections::HashMap;

/// Loads for one request.
pub(crate) struct Loaders {
    db: Db,
}

/// The lines of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LinesOf(pub(crate) OrderId);

/// The events of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EventsOf(pub(crate) OrderId);

/// How many orders a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OrderCountOf(pub(crate) UserId);

impl Loaders {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Loader<OrderId> for Loaders {
    type Value = Order;
    type Error = Error;

    async fn load(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, Order>, Error> {
        let orders = store::order::by_ids(&self.db, ids).await?;
        Ok(orders.into_iter().map(|order| (order.id, order)).collect())
    }
}

impl Loader<LinesOf> for Loaders {
    type Value = Vec<OrderLine>;
    type Error = Error;

    async fn load(&self, keys: &[LinesOf]) -> Result<HashMap<LinesOf, Vec<OrderLine>>, Error> {
        let orders: Vec<OrderId> = keys.iter().map(|LinesOf(id)| *id).collect();
        let mut lines = store::line::of_orders(&self.db, &orders).await?;
        lines.sort_unstable_by_key(|line| line.id);
        let mut of: HashMap<LinesOf, Vec<OrderLine>> = HashMap::new();
        for line in lines {
            of.entry(LinesOf(line.order_id)).or_default().push(line);
        }
        Ok(of)
    }
}

impl Loader<EventsOf> for Loaders {
    type Value = Vec<OrderEvent>;
    type Error = Error;

    async fn load(&self, keys: &[EventsOf]) -> Result<HashMap<EventsOf, Vec<OrderEvent>>, Error> {
        let orders: Vec<OrderId> = keys.iter().map(|EventsOf(id)| *id).collect();
        let mut events = store::event::of_orders(&self.db, &orders).await?;
        events.sort_unstable_by_key(|event| event.id);
        let mut of: HashMap<EventsOf, Vec<OrderEvent>> = HashMap::new();
        for event in events {
            of.entry(EventsOf(event.order_id)).or_default().push(event);
        }
        Ok(of)
    }
}

impl Loader<PageOf<UserId>> for Loaders {
    type Value = Slice<Order>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PageOf<UserId>],
    ) -> Result<HashMap<PageOf<UserId>, Slice<Order>>, Error> {
        let mut slices = HashMap::new();
        for group in by_page(keys) {
            let ids = group.parent_ids();
            let rows = store::order::page_of_users(&self.db, &ids, group.page).await?;
            slices.extend(group.deal(rows, |order| (order.user_id.into(), order.id.into())));
        }
        Ok(slices)
    }
}

impl Loader<OrderCountOf> for Loaders {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[OrderCountOf]) -> Result<HashMap<OrderCountOf, i64>, Error> {
        let ids: Vec<i64> = keys.iter().map(|OrderCountOf(id)| i64::from(*id)).collect();
        let counts = store::order::count_of_users(&self.db, &ids).await?;
        let counts: HashMap<i64, i64> = counts.into_iter().collect();
        let count = |key: &OrderCountOf| counts.get(&i64::from(key.0)).copied().unwrap_or(0);
        Ok(keys.iter().map(|key| (*key, count(key))).collect())
    }
}
