//! What the order subgraph expects of a reservation.

use crate::domain::{OrderStatus, PlacementStatus};
use crate::store::audit::Claimed;
use std::fmt;
use uuid::Uuid;

/// What an attempt and its order say about their reservation. It is written as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim(Claimed);

/// What a reservation must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expects {
    /// Its units are promised: the order is pending or confirmed.
    Held,
    /// Its units left the house: the order was shipped.
    Fulfilled,
    /// Its units are free: the order was cancelled.
    GivenBack,
    /// Fulfilled or given back: the order was deleted.
    Settled,
    /// Anything but held: there is no order, and there will be none.
    NotHeld,
    /// Somebody is at it, or the sweeper will be.
    Anything,
}

impl From<Claimed> for Claim {
    fn from(row: Claimed) -> Self {
        Self(row)
    }
}

impl Claim {
    /// What is said of a reservation that no attempt knows.
    pub fn unknown(reservation: Uuid) -> Self {
        Self(Claimed {
            reservation_id: reservation,
            placement: None,
            order_id: None,
            status: None,
            units: None,
            release_waits: false,
            fulfil_waits: false,
        })
    }

    /// Which reservation this is about.
    pub fn reservation(&self) -> Uuid {
        self.0.reservation_id
    }

    /// What the reservation must be, unless an effect that makes it so waits.
    pub fn expects(&self) -> Expects {
        match (self.0.status, self.0.placement) {
            (Some(OrderStatus::Pending | OrderStatus::Confirmed), _) => Expects::Held,
            (Some(OrderStatus::Shipped | OrderStatus::Delivered), _) => Expects::Fulfilled,
            (Some(OrderStatus::Cancelled), _) => Expects::GivenBack,
            (None, Some(PlacementStatus::Started)) => Expects::Anything,
            (None, Some(PlacementStatus::Placed)) => Expects::Settled,
            (None, Some(PlacementStatus::Aborted) | None) => Expects::NotHeld,
        }
    }

    /// There is an order, and its attempt says so.
    pub fn is_placed(&self) -> bool {
        self.0.order_id.is_none() || self.0.placement == Some(PlacementStatus::Placed)
    }

    /// There is an order.
    pub fn has_order(&self) -> bool {
        self.0.order_id.is_some()
    }

    /// The units of the order's lines, if there is an order.
    pub fn units(&self) -> Option<i64> {
        self.0.units
    }

    /// The inventory will be told to release.
    pub fn release_waits(&self) -> bool {
        self.0.release_waits
    }

    /// The inventory will be told to fulfil.
    pub fn fulfil_waits(&self) -> bool {
        self.0.fulfil_waits
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.order_id.zip(self.0.status), self.0.placement) {
            (Some((order, status)), Some(PlacementStatus::Placed)) => {
                write!(f, "order {order} is {status}")
            }
            (Some((order, status)), Some(PlacementStatus::Started)) => {
                write!(f, "order {order} is {status} and its attempt only started")
            }
            (Some((order, status)), Some(PlacementStatus::Aborted)) => {
                write!(f, "order {order} is {status} and its attempt aborted")
            }
            (Some((order, status)), None) => {
                write!(f, "order {order} is {status} and its attempt is missing")
            }
            (None, Some(PlacementStatus::Placed)) => f.write_str("its order was deleted"),
            (None, Some(PlacementStatus::Started)) => f.write_str("its attempt started"),
            (None, Some(PlacementStatus::Aborted)) => f.write_str("its attempt was aborted"),
            (None, None) => f.write_str("no order knows it"),
        }
    }
}
