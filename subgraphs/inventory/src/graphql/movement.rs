//! `StockMovement` and its connection.

use super::int;
use crate::{Error, domain};
use async_graphql::{Enum, ID, Object};
use chassis::graphql::DateTime;

/// Why units moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MovementKind")]
pub(crate) enum StockMovementKind {
    /// Somebody counted what is there.
    Counted,
    /// Units were added or taken.
    Adjusted,
    /// Units were promised.
    Reserved,
    /// Promised units were given back.
    Released,
    /// Promised units left the house.
    Fulfilled,
    /// Units that had left came back.
    Returned,
}

/// One line of the append-only ledger; the counters are always its sums.
pub(crate) struct StockMovement(pub(crate) domain::StockMovement);

/// One line of the append-only ledger; the counters are always its sums.
#[Object]
impl StockMovement {
    /// Identifies the movement; later movements of a product have greater ids.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Why units moved.
    async fn kind(&self) -> StockMovementKind {
        self.0.kind.into()
    }

    /// By how much onHand changed.
    async fn on_hand_delta(&self) -> i32 {
        int(self.0.on_hand_delta)
    }

    /// By how much reserved changed.
    async fn reserved_delta(&self) -> i32 {
        int(self.0.reserved_delta)
    }

    /// What caused it: an order, a count, a delivery note; null when nobody said.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// When units moved.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

chassis::connection!(
    StockMovementConnection,
    StockMovementEdge,
    StockMovement,
    Error,
    "stock movements"
);
