//! A shelf of the catalogue.

use super::LONG_TEXT_CHARS;
use chrono::{DateTime, Utc};
use commerce::CategoryId;
use commerce::text::{self, InvalidText};

/// Most characters of a category's name.
const NAME_CHARS: usize = 100;

/// A category as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Category {
    #[sqlx(rename = "category_id")]
    pub(crate) id: CategoryId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) created_at: DateTime<Utc>,
}

/// A category's name: 1 to 100 characters.
pub(crate) fn category_name(text: &str) -> Result<String, InvalidText> {
    text::required(text, NAME_CHARS)
}

/// A category's description: any text, also none.
pub(crate) fn category_description(text: &str) -> Result<String, InvalidText> {
    text::optional(text, LONG_TEXT_CHARS)
}
