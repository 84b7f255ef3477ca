//! Units of a product.

use std::fmt;

/// The most units that one line may name.
pub const MAX_QUANTITY: i64 = 1_000_000;

/// How many units of a product: from 1 to [`MAX_QUANTITY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Quantity(i64);

/// A number that is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a quantity: it must be from 1 to {MAX_QUANTITY}")]
pub struct InvalidQuantity(i64);

impl Quantity {
    /// The number of units.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Quantity {
    type Error = InvalidQuantity;

    fn try_from(units: i64) -> Result<Self, InvalidQuantity> {
        if (1..=MAX_QUANTITY).contains(&units) {
            Ok(Self(units))
        } else {
            Err(InvalidQuantity(units))
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_from_one_to_a_million() {
        assert!(Quantity::try_from(1).is_ok() && Quantity::try_from(MAX_QUANTITY).is_ok());
        for units in [0, -1, MAX_QUANTITY + 1, i64::MAX, i64::MIN] {
            assert!(Quantity::try_from(units).is_err(), "{units}");
        }
    }
}
