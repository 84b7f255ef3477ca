//! An attempt to place an order.

use super::WantedLine;
use commerce::text::{self, InvalidText};
use commerce::{Money, UserId};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use uuid::Uuid;

/// Most characters of an idempotency key.
const KEY_CHARS: usize = 255;

/// How far an attempt has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum PlacementStatus {
    /// Somebody works on it, or died while doing so.
    Started,
    /// It became an order.
    Placed,
    /// It came to nothing.
    Aborted,
}

/// An attempt as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Placement {
    pub(crate) reservation_id: Uuid,
    pub(crate) request_hash: String,
    pub(crate) status: PlacementStatus,
}

/// A client's name for one attempt: 1 to 255 characters.
pub(crate) fn idempotency_key(text: &str) -> Result<String, InvalidText> {
    text::required(text, KEY_CHARS)
}

/// Tells whether two requests with one key are the same: SHA-256 over everything that was asked for.
pub(crate) fn request_hash(
    user: UserId,
    shipping_address: &str,
    lines: &[WantedLine],
    expected_total: Option<Money>,
) -> String {
    let lines: Vec<(i64, i64)> =
        lines.iter().map(|line| (line.product_id.into(), line.quantity.get())).collect();
    let total = expected_total.map(Money::minor);
    let request = serde_json::json!([i64::from(user), shipping_address, lines, total]);
    let digest = Sha256::digest(request.to_string());
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_differ_when_anything_in_them_does() {
        let user = |id: &str| id.parse::<UserId>().unwrap();
        let line = |product: &str, quantity: i64| WantedLine {
            product_id: product.parse().unwrap(),
            quantity: quantity.try_into().unwrap(),
        };
        let total = "5.00".parse().ok();
        let one = request_hash(user("1"), "here", &[line("1", 2)], None);
        assert_eq!(one, request_hash(user("1"), "here", &[line("1", 2)], None));
        for other in [
            request_hash(user("2"), "here", &[line("1", 2)], None),
            request_hash(user("1"), "there", &[line("1", 2)], None),
            request_hash(user("1"), "here", &[line("2", 1)], None),
            request_hash(user("1"), "here", &[line("1", 1), line("1", 1)], None),
            request_hash(user("1"), "here", &[line("1", 2)], total),
        ] {
            assert_ne!(one, other);
        }
    }
}
