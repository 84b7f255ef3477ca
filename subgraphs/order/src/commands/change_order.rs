//! Moving an order along its life cycle, and changing where it goes.

use super::{illegal_transition, order_not_found, settle};
use crate::domain::{EffectKind, Order, OrderStatus, shipping_address};
use crate::{Error, Orders, store};
use chassis::Tx;
use chassis::graphql::Faults;
use chrono::{DateTime, Utc};
use commerce::OrderId;
use std::sync::Arc;

/// Moves an order to `to`. Naming its current status again changes nothing.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `NOT_FOUND`, `ILLEGAL_TRANSITION`.
pub(crate) async fn transition_order(
    orders: &Orders,
    id: &str,
    to: OrderStatus,
) -> Result<Order, Error> {
    change(orders, id, to, true).await
}

/// Cancels an order; unlike a transition, not one that is cancelled already.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `NOT_FOUND`, `ILLEGAL_TRANSITION`.
pub(crate) async fn cancel_order(orders: &Orders, id: &str) -> Result<Order, Error> {
    change(orders, id, OrderStatus::Cancelled, false).await
}

async fn change(
    orders: &Orders,
    id: &str,
    to: OrderStatus,
    may_stay: bool,
) -> Result<Order, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse::<OrderId>());
    let id = faults.finish(|| id)?;

    let now = orders.clock.now();
    let changed: Result<(Order, Option<EffectKind>), Error> = orders
        .db
        .write(move |tx| {
            Box::pin(async move {
                let order = store::order::lock(tx, id).await?;
                let order = order.ok_or_else(|| order_not_found(id))?;
                if order.status == to && may_stay {
                    return Ok((order, None));
                }
                step(tx, order, to, now).await
            })
        })
        .await;
    let (order, effect) = changed?;
    // Nobody may be listening.
    let _ = orders.changed.send(order.id);
    if effect.is_some() {
        settle(orders, order.reservation_id).await;
    }
    Ok(order)
}

/// One legal step, with its event and its effect on the stock.
async fn step(
    tx: &mut Tx,
    order: Order,
    to: OrderStatus,
    now: DateTime<Utc>,
) -> Result<(Order, Option<EffectKind>), Error> {
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
    Ok((Order { status: to, updated_at: now, ..order }, effect))
}

/// Sends an order elsewhere, whatever its status.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `BLANK`, `TOO_LONG`, `NOT_FOUND`.
pub(crate) async fn update_shipping_address(
    orders: &Orders,
    id: &str,
    address: &str,
) -> Result<Order, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse::<OrderId>());
    let address = faults.check("shippingAddress", shipping_address(address));
    let (id, address) = faults.finish(|| id.zip(address))?;

    let (now, address) = (orders.clock.now(), Arc::new(address));
    orders
        .db
        .write(move |tx| {
            let address = Arc::clone(&address);
            Box::pin(async move {
                let order = store::order::set_shipping_address(tx, id, &address, now).await?;
                order.ok_or_else(|| order_not_found(id))
            })
        })
        .await
}
