//! An order's life cycle, and what it means for the stock.

use std::fmt;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum OrderStatus {
    Pending,
    Confirmed,
    Shipped,
    Delivered,
    Cancelled,
}

/// What the inventory must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum EffectKind {
    /// The units are free again, or came back.
    Release,
    /// The units left the house.
    Fulfil,
}

impl OrderStatus {
    pub(crate) const ALL: [Self; 5] =
        [Self::Pending, Self::Confirmed, Self::Shipped, Self::Delivered, Self::Cancelled];

    /// The whole life cycle: forward by one or more steps, or out; nothing goes back.
    pub(crate) const fn can_become(self, next: Self) -> bool {
        use OrderStatus::{Cancelled, Confirmed, Delivered, Pending, Shipped};
        matches!(
            (self, next),
            (Pending, Confirmed | Shipped | Delivered | Cancelled)
                | (Confirmed, Shipped | Delivered | Cancelled)
                | (Shipped, Delivered | Cancelled)
        )
    }

    /// Its units are promised, and still in the house.
    pub(crate) const fn holds_stock(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }

    /// What a legal step from here to `next` means for the stock.
    pub(crate) const fn effect_of(self, next: Self) -> Option<EffectKind> {
        match next {
            Self::Cancelled => Some(EffectKind::Release),
            Self::Shipped | Self::Delivered if self.holds_stock() => Some(EffectKind::Fulfil),
            _ => None,
        }
    }

    /// Where an order can go from here.
    pub(crate) fn allowed_transitions(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |next| self.can_become(*next))
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::OrderStatus::{self, Cancelled, Confirmed, Delivered, Pending, Shipped};
    use super::*;

    fn next_of(status: OrderStatus) -> Vec<OrderStatus> {
        status.allowed_transitions().collect()
    }

    #[test]
    fn an_order_goes_forward_or_out_and_never_back() {
        assert_eq!(next_of(Pending), [Confirmed, Shipped, Delivered, Cancelled]);
        assert_eq!(next_of(Confirmed), [Shipped, Delivered, Cancelled]);
        assert_eq!(next_of(Shipped), [Delivered, Cancelled]);
        assert_eq!(next_of(Delivered), []);
        assert_eq!(next_of(Cancelled), []);
    }

    #[test]
    fn stock_leaves_once_and_comes_back_on_cancelling() {
        assert_eq!(Pending.effect_of(Confirmed), None);
        assert_eq!(Pending.effect_of(Delivered), Some(EffectKind::Fulfil));
        assert_eq!(Shipped.effect_of(Delivered), None);
        assert_eq!(Shipped.effect_of(Cancelled), Some(EffectKind::Release));
    }
}
