//! What one customer knows about its own orders, because it was told so.

use std::collections::BTreeMap;

/// Where an order stands; the order of the values is the order of the life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Pending,
    Confirmed,
    Shipped,
    Delivered,
    Cancelled,
}

impl Status {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Confirmed => "CONFIRMED",
            Self::Shipped => "SHIPPED",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
        }
    }

    pub(super) fn next(self) -> &'static [Self] {
        use Status::{Cancelled, Confirmed, Delivered, Pending, Shipped};
        match self {
            Pending => &[Confirmed, Shipped, Delivered, Cancelled],
            Confirmed => &[Shipped, Delivered, Cancelled],
            Shipped => &[Delivered, Cancelled],
            Delivered | Cancelled => &[],
        }
    }

    const fn holds_stock(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }
}

/// An order that was acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Bought {
    /// Product id and quantity, line by line.
    pub(super) lines: Vec<(i64, i64)>,
    pub(super) status: Status,
}

/// On hand and reserved units.
pub(super) type Stock = (i64, i64);

/// What was acknowledged.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    /// By order id.
    pub(super) orders: BTreeMap<i64, Bought>,
    /// Ids of orders that are gone.
    pub(super) deleted: Vec<i64>,
    /// Units that came in or went out otherwise than by an order that still holds them.
    pub(super) moved: BTreeMap<i64, i64>,
}

impl Book {
    pub(super) fn place(&mut self, id: i64, lines: Vec<(i64, i64)>) -> Result<(), String> {
        let bought = Bought { lines, status: Status::Pending };
        if self.deleted.contains(&id) {
            return Err(format!("order {id} was deleted, and placed again"));
        }
        match self.orders.insert(id, bought) {
            None => Ok(()),
            Some(other) => Err(format!("order {id} is two: the other is {other:?}")),
        }
    }

    pub(super) fn adjust(&mut self, product: i64, delta: i64) {
        *self.moved.entry(product).or_default() += delta;
    }

    pub(super) fn set_status(&mut self, id: i64, to: Status) {
        let Some(bought) = self.orders.get_mut(&id) else { return };
        let from = std::mem::replace(&mut bought.status, to);
        let sign = match to {
            Status::Shipped | Status::Delivered if from.holds_stock() => -1,
            Status::Cancelled if from == Status::Shipped => 1,
            _ => 0,
        };
        for (product, quantity) in &bought.lines {
            *self.moved.entry(*product).or_default() += sign * quantity;
        }
    }

    pub(super) fn delete(&mut self, id: i64) {
        self.orders.remove(&id);
        self.deleted.push(id);
    }

    /// Everything that two books know.
    pub(super) fn merge(&mut self, other: Self) -> Result<(), String> {
        for (id, bought) in other.orders {
            if let Some(mine) = self.orders.insert(id, bought) {
                return Err(format!("order {id} was acknowledged to two customers: {mine:?}"));
            }
        }
        for (product, delta) in other.moved {
            *self.moved.entry(product).or_default() += delta;
        }
        self.deleted.extend(other.deleted);
        Ok(())
    }

    /// What there must be of a product that began with `initial` units.
    pub(super) fn stock(&self, product: i64, initial: i64) -> Stock {
        let held = self.orders.values().filter(|bought| bought.status.holds_stock());
        let lines = held.flat_map(|bought| &bought.lines).filter(|(id, _)| *id == product);
        let reserved = lines.map(|(_, quantity)| quantity).sum();
        (initial + self.moved.get(&product).copied().unwrap_or(0), reserved)
    }
}
