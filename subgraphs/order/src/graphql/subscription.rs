//! What can be watched.

use super::order::Order;
use crate::domain::OrderEvent;
use crate::{Error, Orders, store};
use async_graphql::{Context, ID};
use commerce::OrderId;
use futures::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// How often a watched order is looked at for changes that another process made.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct Subscription;

/// What can be watched.
#[async_graphql::Subscription]
impl Subscription {
    /// Every change of this order's status, from now on. Ends when the order is deleted.
    async fn order_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
    ) -> Result<impl Stream<Item = Result<Order, Error>> + use<>, Error> {
        let orders = Arc::clone(ctx.data_unchecked::<Arc<Orders>>());
        let id: OrderId = id.parse()?;
        // Listening begins before the events are read, so that no change falls in between.
        let changes = orders.changed.subscribe();
        let Some(last) = store::event::since(&orders.db, id, 0).await?.pop() else {
            return Err(Error::UnknownOrder(id));
        };
        Ok(watch(Watch { orders, id, seen: last.id, changes }))
    }
}

struct Watch {
    orders: Arc<Orders>,
    id: OrderId,
    /// The last event that was sent or was there before.
    seen: i64,
    changes: Receiver<OrderId>,
}

/// One order per event. The database is the source; the channel only says when to look.
fn watch(watch: Watch) -> BoxStream<'static, Result<Order, Error>> {
    stream::try_unfold(watch, |mut watch| async move {
        loop {
            watch.wait().await;
            let events = store::event::since(&watch.orders.db, watch.id, watch.seen).await?;
            if let Some(last) = events.last() {
                if watch.is_settling().await? {
                    continue;
                }
                watch.seen = last.id;
                let seen = watch.seen_orders(events).await?;
                return Ok::<_, Error>(
                    seen.map(|seen| (stream::iter(seen).map(Ok::<_, Error>), watch)),
                );
            }
            if store::order::by_ids(&watch.orders.db, &[watch.id]).await?.is_empty() {
                return Ok(None);
            }
        }
    })
    .try_flatten()
    .boxed()
}

impl Watch {
    /// Until this order may have changed.
    async fn wait(&mut self) {
        let changed = async {
            loop {
                match self.changes.recv().await {
                    Ok(id) if id != self.id => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    // The sender lives as long as `orders`: this does not happen.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        // Either way there is something to look at.
        let _ = tokio::time::timeout(POLL_INTERVAL, changed).await;
    }

    /// Whether the inventory is being notified of the change for the first time. A subscriber that
    /// learned of the change now would read the stock as it was before.
    async fn is_settling(&self) -> Result<bool, Error> {
        let Some(order) = store::order::by_ids(&self.orders.db, &[self.id]).await?.pop() else {
            return Ok(false);
        };
        let effect = store::effect::first_of(&self.orders.db, order.reservation_id).await?;
        Ok(effect.is_some_and(|effect| effect.attempts == 0))
    }

    /// The order as it was after each event; `None` when it is gone.
    async fn seen_orders(&self, events: Vec<OrderEvent>) -> Result<Option<Vec<Order>>, Error> {
        let order = store::order::by_ids(&self.orders.db, &[self.id]).await?.pop();
        let at = |order: &crate::domain::Order, event: OrderEvent| {
            let (status, updated_at) = (event.status, event.created_at);
            Order(crate::domain::Order { status, updated_at, ..order.clone() })
        };
        Ok(order.map(|order| events.into_iter().map(|event| at(&order, event)).collect()))
    }
}
