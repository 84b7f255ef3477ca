//! The ledger's rows.

use super::UnknownWord;
use chrono::{DateTime, Utc};
use commerce::text::{self, InvalidText};
use commerce::{ProductId, StockMovementId};

/// Most characters of a movement's reference.
const REFERENCE_CHARS: usize = 255;

/// One row of the ledger, as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct StockMovement {
    #[sqlx(rename = "stock_movement_id")]
    pub(crate) id: StockMovementId,
    pub(crate) product_id: ProductId,
    #[sqlx(try_from = "String")]
    pub(crate) kind: MovementKind,
    pub(crate) on_hand_delta: i64,
    pub(crate) reserved_delta: i64,
    pub(crate) reference: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
}

/// Why units moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MovementKind {
    Counted,
    Adjusted,
    Reserved,
    Released,
    Fulfilled,
    Returned,
}

impl MovementKind {
    /// The word that is stored.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Adjusted => "adjusted",
            Self::Reserved => "reserved",
            Self::Released => "released",
            Self::Fulfilled => "fulfilled",
            Self::Returned => "returned",
        }
    }
}

impl TryFrom<String> for MovementKind {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        use MovementKind::*;
        [Counted, Adjusted, Reserved, Released, Fulfilled, Returned]
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or(UnknownWord(word))
    }
}

/// What a movement does to the counters of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) product: ProductId,
    pub(crate) on_hand_delta: i64,
    pub(crate) reserved_delta: i64,
}

/// What caused a movement: at most 255 characters; a blank text is none.
pub(crate) fn reference(text: &str) -> Result<Option<String>, InvalidText> {
    let text = text::optional(text, REFERENCE_CHARS)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}
