//! Whether the counters and reservations are what the ledger says, and making them so.
//!
//! For `agora verify`. Reading goes through a [`Snapshot`], row by row; repairing through
//! [`Db::write`], and looks again inside its transaction.

mod repair;
mod reservation;

pub use repair::{repair_counters, repair_reservation};
pub use reservation::Reservation;

use crate::store::audit::{self as store, Counted, Sums};
use chassis::Db;
use chassis::db::{DbError, Snapshot};
use commerce::ProductId;
use futures::StreamExt;
use futures::stream::BoxStream;
use std::fmt;
use uuid::Uuid;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What must be.
    pub expected: String,
    /// What is.
    pub found: String,
}

/// A product's counters beside the sums of its ledger.
#[derive(Clone, Copy, Debug)]
pub struct Counters(Counted);

impl Counters {
    /// Whose they are.
    pub fn product(&self) -> ProductId {
        self.0.product_id
    }

    /// How many rows of the ledger were added up.
    pub fn movements(&self) -> i64 {
        self.0.movements
    }

    /// `None` when they are the sums of the ledger, and sums that can be.
    pub fn fault(&self) -> Option<Fault> {
        let ledger = Sums { on_hand: self.0.on_hand, reserved: self.0.reserved };
        let stored = self.0.stored_on_hand.zip(self.0.stored_reserved);
        let stored = stored.map(|(on_hand, reserved)| Sums { on_hand, reserved });
        // A product without a stock item has no units.
        if stored.unwrap_or(Sums { on_hand: 0, reserved: 0 }) == ledger && ledger.fit() {
            return None;
        }
        let expected = match ledger.fit() {
            true => ledger.to_string(),
            false => format!("a ledger with 0 <= reserved <= on_hand, which has {ledger}"),
        };
        let found = stored.map_or("no stock item".to_owned(), |stored| stored.to_string());
        Some(Fault { expected, found })
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "on_hand {} reserved {}", self.on_hand, self.reserved)
    }
}

/// The counters of every product that has a stock item or a ledger, in product order.
pub fn counters(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Counters, DbError>> {
    store::counted(snapshot).map(|row| row.map(Counters)).boxed()
}

/// Every reservation, in the order of their ids.
pub fn reservations(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Reservation, DbError>> {
    store::all_settled(snapshot).map(|row| row.map(Reservation::from)).boxed()
}

/// One reservation, as it is now.
///
/// # Errors
/// When the database fails.
pub async fn reservation(db: &Db, id: Uuid) -> Result<Option<Reservation>, DbError> {
    Ok(store::one_settled(db, id).await?.map(Reservation::from))
}

/// How many rows [`counters`] adds up, and how many [`reservations`] answers.
///
/// # Errors
/// When the database fails.
pub async fn row_counts(snapshot: &mut Snapshot) -> Result<(i64, i64), DbError> {
    store::row_counts(snapshot).await
}
