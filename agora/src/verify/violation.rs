//! What is not as it must be, and what mends it.

use super::shop::Shop;
use chassis::codes;
use chassis::graphql::ErrorCode;
use commerce::{Clock, OrderId, ProductId, SystemClock};
use std::fmt;
use std::time::Duration;
use uuid::Uuid;

/// How often a repair is tried while the database is busy.
const ATTEMPTS: usize = 20;
/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// What must be true at any moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Invariant {
    /// Counters are the sums of the ledger, and reservations what their movements say.
    StockCounters,
    /// What is held is held for somebody.
    HeldReservations,
    /// What an order needs of its reservation is so, or is about to be.
    OrderReservations,
    /// A total is the sum of its lines; a key has one order.
    OrderTotals,
}

impl Invariant {
    pub(super) const ALL: [Self; 4] =
        [Self::StockCounters, Self::HeldReservations, Self::OrderReservations, Self::OrderTotals];

    /// What its rows are.
    pub(super) const fn rows(self) -> &'static str {
        match self {
            Self::StockCounters => "movements",
            Self::HeldReservations => "reservations",
            Self::OrderReservations => "attempts",
            Self::OrderTotals => "orders",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::StockCounters => "stock-counters",
            Self::HeldReservations => "held-reservations",
            Self::OrderReservations => "order-reservations",
            Self::OrderTotals => "order-totals",
        })
    }
}

/// One thing that is not as it must be. It is written as one line.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    pub(super) invariant: Invariant,
    /// What it is about, with its id.
    pub(super) subject: String,
    pub(super) expected: String,
    pub(super) found: String,
    pub(super) remedy: Remedy,
    /// What a person can do where the remedy does nothing.
    pub(super) advice: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { invariant, subject, expected, found, .. } = self;
        write!(f, "{invariant}: {subject}: expected {expected}, found {found}")
    }
}

/// What `--repair` does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// The counters become what the ledger says.
    Counters(ProductId),
    /// The reservation's status becomes what its movements say.
    Status(Uuid),
    /// The effect that is missing is recorded.
    Effect(Uuid),
    /// The attempt of an order becomes placed.
    Placed(Uuid),
    /// The total becomes the sum of the lines.
    Total(OrderId),
    /// The later order loses the key.
    Key(Uuid),
    /// Rows of the ledger are missing: no counter may be made to agree with what is left.
    Ledger,
    /// The same of order lines and totals.
    Lines,
    /// Somebody has to decide.
    Nothing,
}

impl Remedy {
    /// Looks again and mends; answers what it changed, if it did. A shop that writes all the time
    /// may need a moment until it is our turn.
    pub(super) async fn apply(self, shop: &Shop) -> anyhow::Result<Option<String>> {
        for _ in 1..ATTEMPTS {
            match self.attempt(shop).await {
                Err(error) if is_unavailable(&error) => tokio::time::sleep(PAUSE).await,
                outcome => return outcome,
            }
        }
        self.attempt(shop).await
    }

    async fn attempt(self, shop: &Shop) -> anyhow::Result<Option<String>> {
        let (order, inventory, now) = (&shop.order, &shop.inventory, SystemClock.now());
        Ok(match self {
            Self::Counters(id) => inventory::audit::repair_counters(inventory, id, now).await?,
            Self::Status(id) => inventory::audit::repair_reservation(inventory, id, now).await?,
            Self::Effect(id) => {
                let orphans = shop.has_orphans().await?;
                order::audit::record_effect(order, id, orphans, now).await?
            }
            Self::Placed(id) => order::audit::mark_placed(order, id).await?,
            Self::Total(id) => order::audit::repair_total(order, id).await?,
            Self::Key(id) => order::audit::drop_key(order, id).await?,
            Self::Ledger | Self::Lines | Self::Nothing => None,
        })
    }
}

fn is_unavailable(error: &anyhow::Error) -> bool {
    let order = error.downcast_ref::<order::Error>().map(ErrorCode::code);
    let inventory = error.downcast_ref::<inventory::Error>().map(ErrorCode::code);
    order.or(inventory) == Some(codes::UNAVAILABLE)
}
