//! The placement row: what an attempt is known by before, while and after it runs.

use super::place_order::Request;
use super::refused;
use crate::domain::{EffectKind, Order, Placement, PlacementStatus};
use crate::store::{self, placement::NewPlacement};
use crate::{Error, Orders};
use chassis::graphql::UserErrorCode;
use chrono::TimeDelta;
use std::sync::Arc;
use uuid::Uuid;

/// How long one attempt can take at most: its calls and waits have shorter limits, all together.
pub(crate) const ATTENDED: TimeDelta = TimeDelta::seconds(20);

/// How an attempt begins.
pub(super) enum Attempt {
    /// As a new one, with this reservation id.
    Started(Uuid),
    /// It has been made before, and became this order.
    Placed(Order),
}

/// The order that an earlier attempt with the same key and input became.
///
/// # Errors
/// `IDEMPOTENCY_CONFLICT` when the input was another, `CONFLICT` when the attempt still runs,
/// `NOT_FOUND` when its order was deleted: trying again does not help then.
pub(super) async fn earlier_order(
    orders: &Orders,
    request: &Request,
) -> Result<Option<Order>, Error> {
    let Some(key) = &request.idempotency_key else { return Ok(None) };
    match store::placement::by_key(&orders.db, request.user_id, key).await? {
        Some(placement) => became(orders, request, placement).await.map(Some),
        None => Ok(None),
    }
}

/// Records that the attempt begins, unless one with the same key did meanwhile.
///
/// # Errors
/// As [`earlier_order`].
pub(super) async fn start(orders: &Orders, request: &Request) -> Result<Attempt, Error> {
    let now = orders.clock.now();
    let new = Arc::new(NewPlacement {
        reservation_id: Uuid::now_v7(),
        user_id: request.user_id,
        idempotency_key: request.idempotency_key.clone(),
        request_hash: request.hash.clone(),
        instance_id: orders.instance,
        attended_until: now + ATTENDED,
        created_at: now,
    });
    let reservation = new.reservation_id;
    let started: Result<bool, Error> = orders
        .db
        .write(move |tx| {
            let new = Arc::clone(&new);
            Box::pin(async move { Ok(store::placement::insert(tx, &new).await?) })
        })
        .await;
    if started? {
        return Ok(Attempt::Started(reservation));
    }
    match earlier_order(orders, request).await? {
        Some(order) => Ok(Attempt::Placed(order)),
        // The other attempt ended in between, and came to nothing.
        None => Err(still_running()),
    }
}

/// Ends an attempt and records, in the same transaction, what the inventory must be told.
/// `false` when the attempt has ended already.
pub(super) async fn abort(
    orders: &Orders,
    reservation: Uuid,
    effect: Option<EffectKind>,
) -> Result<bool, Error> {
    let now = orders.clock.now();
    orders
        .db
        .write(move |tx| {
            Box::pin(async move {
                let aborted = PlacementStatus::Aborted;
                if !store::placement::end(tx, reservation, aborted).await? {
                    return Ok(false);
                }
                if let Some(kind) = effect {
                    store::effect::append(tx, reservation, kind, now).await?;
                }
                Ok(true)
            })
        })
        .await
}

async fn became(orders: &Orders, request: &Request, placement: Placement) -> Result<Order, Error> {
    if placement.request_hash != request.hash {
        let message = "this idempotency key was used before, with another input".to_owned();
        return Err(refused(UserErrorCode::IdempotencyConflict, "idempotencyKey", message));
    }
    if placement.status == PlacementStatus::Started {
        return Err(still_running());
    }
    let order = store::order::by_reservation(&orders.db, placement.reservation_id).await?;
    order.ok_or_else(|| {
        let message = "this idempotency key placed an order that was deleted since".to_owned();
        refused(UserErrorCode::NotFound, "idempotencyKey", message)
    })
}

fn still_running() -> Error {
    let message = "a request with this idempotency key is still running; try again".to_owned();
    refused(UserErrorCode::Conflict, "idempotencyKey", message)
}
