//! Types and rules of orders. Pure: no I/O.

mod line;
mod order;
mod placement;
mod status;

pub(crate) use line::{MAX_LINES, NewLine, OrderLine, WantedLine, total};
pub(crate) use order::{Order, OrderEvent, shipping_address};
pub(crate) use placement::{Placement, PlacementStatus, idempotency_key, request_hash};
pub(crate) use status::{EffectKind, OrderStatus};
