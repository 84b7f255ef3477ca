//! Money: checked integer minor units inside, an exact decimal text outside.

use crate::Quantity;
use std::{fmt, str::FromStr};

/// The shop's one currency, ISO 4217.
pub const CURRENCY: &str = "USD";

/// An amount of the shop's currency in minor units (cents), from 0 to [`Money::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Money(i64);

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoney {
    /// Not a plain decimal number.
    #[error("is not a decimal number such as \"19.99\"")]
    Malformed,
    /// More than two digits behind the point.
    #[error("has more than two decimal places")]
    TooManyDecimals,
    /// Below zero.
    #[error("is negative")]
    Negative,
    /// Above [`Money::MAX`].
    #[error("is greater than 99999999.99")]
    TooLarge,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The greatest amount: ten digits, two of them decimals.
    pub const MAX: Self = Self(9_999_999_999);

    /// Minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum, unless it is above [`Money::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self).filter(|sum| *sum <= Self::MAX)
    }

    /// This price for so many units, unless that is above [`Money::MAX`].
    pub fn checked_mul(self, quantity: Quantity) -> Option<Self> {
        self.0.checked_mul(quantity.get()).map(Self).filter(|total| *total <= Self::MAX)
    }
}

impl FromStr for Money {
    type Err = InvalidMoney;

    /// An optional sign, digits, and optionally a point with one or two more digits.
    fn from_str(text: &str) -> Result<Self, InvalidMoney> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !numeric(whole) || !numeric(decimals) {
            return Err(InvalidMoney::Malformed);
        }
        if decimals.len() > 2 {
            return Err(InvalidMoney::TooManyDecimals);
        }
        let cents: i64 = format!("{decimals:0<2}").parse().map_err(|_| InvalidMoney::Malformed)?;
        let amount = whole
            .parse::<i64>()
            .ok()
            .and_then(|units| units.checked_mul(100)?.checked_add(cents))
            .filter(|minor| *minor <= Self::MAX.0)
            .ok_or(InvalidMoney::TooLarge)?;
        if negative && amount > 0 {
            return Err(InvalidMoney::Negative);
        }
        Ok(Self(amount))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_survive_a_round_trip() {
        for (text, shown) in [
            ("0", "0.00"),
            ("19.99", "19.99"),
            ("5", "5.00"),
            ("0.5", "0.50"),
            ("-0.00", "0.00"),
            ("99999999.99", "99999999.99"),
            ("00012.50", "12.50"),
        ] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn wrong_amounts_say_why() {
        use InvalidMoney::*;
        for (text, error) in [
            ("", Malformed),
            ("NaN", Malformed),
            ("1e2", Malformed),
            ("1,5", Malformed),
            (".5", Malformed),
            ("5.", Malformed),
            ("+5", Malformed),
            ("--5", Malformed),
            ("1.005", TooManyDecimals),
            ("-1", Negative),
            ("100000000", TooLarge),
            ("99999999999999999999", TooLarge),
        ] {
            assert_eq!(text.parse::<Money>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_greatest_amount() {
        let cent: Money = "0.01".parse().unwrap();
        assert_eq!(Money::MAX.checked_add(cent), None);
        assert_eq!(Money::MAX.checked_mul(Quantity::try_from(2).unwrap()), None);
        assert_eq!(cent.checked_mul(Quantity::try_from(250).unwrap()).unwrap().to_string(), "2.50");
    }
}
