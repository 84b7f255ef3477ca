//! Moving an order along its life cycle, and changing where it goes.

use super::{illegal_transition, order_not_found, settle};
use crate::domain::{EffectKind, Order, OrderStatus, shipping_address};
use crate::{Error, Orders, store};
use chassis::Tx;
use chassis::graphql::Faults;
use chassis::step;
use chrono::{DateTime, Utc};
use commerce::OrderId;
use std::sync::Arc;

/// What to change about an order; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct UpdateOrder {
    /// Naming the current status again changes nothing.
    pub(crate) status: Option<OrderStatus>,
    pub(crate) shipping_address: Option<String>,
}

/// All of the changes or none.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `BLANK`, `TOO_LONG`, `NOT_FOUND`, `ILLEGAL_TRANSITION`.
pub(crate) async fn update_order(
    orders: &Orders,
    id: &str,
    input: UpdateOrder,
) -> Result<Order, Error> {
    change(orders, id, input, Staying::Allowed).await
}

/// Cancels an order; unlike an update, not one that is cancelled already.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `NOT_FOUND`, `ILLEGAL_TRANSITION`.
pub(crate) async fn cancel_order(orders: &Orders, id: &str) -> Result<Order, Error> {
    let cancel = UpdateOrder { status: Some(OrderStatus::Cancelled), shipping_address: None };
    change(orders, id, cancel, Staying::Refused).await
}

/// Whether an order may be told to become what it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Staying {
    Allowed,
    Refused,
}

async fn change(
    orders: &Orders,
    id: &str,
    input: UpdateOrder,
    staying: Staying,
) -> Result<Order, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse::<OrderId>());
    let address = input.shipping_address.as_deref().map(shipping_address);
    let address = faults.check_given("shippingAddress", address);
    let id = faults.finish(|| id)?;

    let (now, address) = (orders.clock.now(), Arc::new(address));
    let change = orders.db.write(move |tx| {
        let address = Arc::clone(&address);
        Box::pin(async move {
            let order = store::order::lock(tx, id).await?;
            let order = order.ok_or_else(|| order_not_found(id))?;
            let to = input.status.filter(|to| staying == Staying::Refused || order.status != *to);
            let mut changed = match to {
                Some(to) => move_to(tx, order, to, now).await?,
                None => Changed { order, moved: false, effect: None },
            };
            if let Some(address) = &*address {
                let order = store::order::set_shipping_address(tx, id, address, now).await?;
                changed.order = order.ok_or_else(|| order_not_found(id))?;
            }
            Ok::<_, Error>(changed)
        })
    });
    let Changed { order, moved, effect } = step!("change order/write", change)?;
    if effect.is_some() {
        settle(orders, order.reservation_id).await;
    }
    if moved {
        // After the stock has changed: subscribers read it when they learn of the order.
        // There may be none.
        let _ = orders.changed.send(order.id);
    }
    Ok(order)
}

struct Changed {
    order: Order,
    moved: bool,
    effect: Option<EffectKind>,
}

/// One legal step, with its event and its effect on the stock.
async fn move_to(
    tx: &mut Tx,
    order: Order,
    to: OrderStatus,
    now: DateTime<Utc>,
) -> Result<Changed, Error> {
    let from = order.status;
    // The condition repeats what the lock ensures: the rule holds even where rows are not locked.
    if !from.can_become(to) || !store::order::set_status(tx, order.id, from, to, now).await? {
        return Err(illegal_transition(from, to));
    }
    store::event::append(tx, order.id, to, now).await?;
    let effect = from.effect_of(to);
    if let Some(kind) = effect {
        store::effect::append(tx, order.reservation_id, kind, now).await?;
    }
    Ok(Changed { order: Order { status: to, updated_at: now, ..order }, moved: true, effect })
}
