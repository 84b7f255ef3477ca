//! What attempts and orders say about their reservations, whether totals and keys are right, and
//! making them so.
//!
//! For `agora verify`. Reading goes through a [`Snapshot`], row by row; repairing through
//! [`Db::write`], and looks again inside its transaction.

mod claim;
mod repair;

pub use claim::{Claim, Expects};
pub use repair::{drop_key, mark_placed, record_effect, repair_total};

use crate::Error;
use crate::store::audit as store;
use chassis::Db;
use chassis::db::{DbError, Snapshot};
use commerce::OrderId;
use futures::StreamExt;
use futures::stream::BoxStream;
use uuid::Uuid;

/// An order's total, in minor units, beside the sum of its lines.
#[derive(Clone, Copy, Debug)]
pub struct Total {
    /// Whose it is.
    pub order: OrderId,
    /// What is stored.
    pub stored: i64,
    /// Quantity times unit price of each line, added up.
    pub lines: i64,
}

/// An order whose idempotency key an earlier order of the same user has.
#[derive(Clone, Debug)]
pub struct RepeatedKey {
    /// The later order.
    pub order: OrderId,
    /// The earlier one.
    pub first: OrderId,
    /// Whose key it is.
    pub user: i64,
    /// What the later order is known by.
    pub reservation: Uuid,
    /// The key.
    pub key: String,
}

/// What every attempt and its order say about their reservation, in the order of the ids.
pub fn claims(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Claim, DbError>> {
    store::all_claimed(snapshot).map(|row| row.map(Claim::from)).boxed()
}

/// What is said about one reservation now, also when nobody knows it.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, reservation: Uuid) -> Result<Claim, DbError> {
    Ok(Claim::from(store::one_claimed(db, reservation).await?))
}

/// Whether there are orders whose attempts are missing: reads them all.
///
/// # Errors
/// When the database fails.
pub async fn has_orphans(db: &Db) -> Result<bool, Error> {
    Ok(store::has_orphans(db).await?)
}

/// The totals of all orders, in the order of their ids.
pub fn totals(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Total, DbError>> {
    let total =
        |row: store::Summed| Total { order: row.order_id, stored: row.total, lines: row.lines };
    store::all_summed(snapshot).map(move |row| row.map(total)).boxed()
}

/// Orders that share a key with an earlier one.
pub fn repeated_keys(snapshot: &mut Snapshot) -> BoxStream<'_, Result<RepeatedKey, DbError>> {
    let repeated = |row: store::Repeated| RepeatedKey {
        order: row.order_id,
        first: row.first_order,
        user: row.user_id,
        reservation: row.reservation_id,
        key: row.idempotency_key,
    };
    store::repeated_keys(snapshot).map(move |row| row.map(repeated)).boxed()
}

/// How many rows [`claims`] answers, and how many [`totals`].
///
/// # Errors
/// When the database fails.
pub async fn row_counts(snapshot: &mut Snapshot) -> Result<(i64, i64), DbError> {
    store::row_counts(snapshot).await
}
