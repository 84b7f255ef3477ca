//! Types and rules of the inventory. Pure: no I/O.

mod movement;
mod reservation;
mod reservation_id;
mod stock_item;
mod wanted;

pub(crate) use movement::{Entry, MovementKind, StockMovement, reference};
pub(crate) use reservation::{Line, Reservation, ReservationStatus};
pub use reservation_id::InvalidReservationId;
pub(crate) use reservation_id::ReservationId;
pub(crate) use stock_item::{MAX_UNITS, StockItem};
pub(crate) use wanted::{MAX_LINES, Wanted, fingerprint, sum_up};

/// A stored word that stands for nothing we know.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0:?} is stored where a known word belongs")]
pub(crate) struct UnknownWord(pub(crate) String);
