//! The shop's vocabulary: ids, money, quantities, time.
//!
//! Pure by rule: no I/O, no async, no GraphQL. Every subgraph speaks these words.

mod clock;
mod id;
mod money;
mod quantity;
pub mod text;

pub use clock::{Clock, MockClock, SystemClock};
pub use id::{
    CategoryId, InvalidId, OrderId, OrderLineId, ProductId, ProfileId, StockItemId,
    StockMovementId, UserId,
};
pub use money::{CURRENCY, InvalidMoney, Money};
pub use quantity::{InvalidQuantity, MAX_QUANTITY, Quantity};
