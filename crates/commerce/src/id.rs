//! Every kind of id, in one list.

use std::{fmt, str::FromStr};

/// A text that is not the id it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a {kind}: ids are whole numbers from 1")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
}

/// How much of a wrong id an error repeats, in characters.
const ECHO_CHARS: usize = 40;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Plain decimal digits only: one id has one spelling.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.parse::<i64>()
                    .ok()
                    .filter(|id| *id > 0 && text.starts_with(|c: char| matches!(c, '1'..='9')))
                    .map(Self)
                    .ok_or_else(|| InvalidId {
                        kind: $kind,
                        text: text.chars().take(ECHO_CHARS).collect(),
                    })
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }
    };
}

id_type!(
    /// Identifies a category of the catalogue.
    CategoryId, "category id");
id_type!(
    /// Identifies an order.
    OrderId, "order id");
id_type!(
    /// Identifies a line of an order.
    OrderLineId, "order line id");
id_type!(
    /// Identifies a product of the catalogue.
    ProductId, "product id");
id_type!(
    /// Identifies a user's profile.
    ProfileId, "profile id");
id_type!(
    /// Identifies the stock of one product.
    StockItemId, "stock item id");
id_type!(
    /// Identifies a row of the stock ledger.
    StockMovementId, "stock movement id");
id_type!(
    /// Identifies a user's account.
    UserId, "user id");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(i64::from("42".parse::<OrderId>().unwrap()), 42);
        for text in ["", "0", "-1", "+1", "01", " 1", "1.0", "abc", "9223372036854775808"] {
            assert!(text.parse::<OrderId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_error_repeats_only_the_start_of_a_long_text() {
        let error = "x".repeat(10_000).parse::<UserId>().unwrap_err();
        assert!(error.to_string().len() < 120);
    }
}
