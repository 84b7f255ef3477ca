//! Deleting an order.

use super::{order_not_found, settle};
use crate::domain::EffectKind;
use crate::{Error, Orders, store};
use chassis::graphql::Faults;
use chassis::step;
use commerce::OrderId;

/// Deletes an order; stock that it still holds is given back.
///
/// # Errors
/// [`Error::Refused`]: `INVALID`, `NOT_FOUND`.
pub(crate) async fn delete_order(orders: &Orders, id: &str) -> Result<OrderId, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse::<OrderId>());
    let id = faults.finish(|| id)?;

    let now = orders.clock.now();
    let delete = orders.db.write(move |tx| {
        Box::pin(async move {
            let order = store::order::lock(tx, id).await?;
            let order = order.ok_or_else(|| order_not_found(id))?;
            if order.status.holds_stock() {
                let release = EffectKind::Release;
                store::effect::append(tx, order.reservation_id, release, now).await?;
            }
            if !store::order::delete(tx, id).await? {
                return Err(order_not_found(id));
            }
            Ok(order)
        })
    });
    let order = step!("delete order/write", delete)?;
    if order.status.holds_stock() {
        settle(orders, order.reservation_id).await;
    }
    Ok(order.id)
}
