//! What is shown and sold.

use super::LONG_TEXT_CHARS;
use chrono::{DateTime, Utc};
use commerce::text::{self, InvalidText};
use commerce::{CategoryId, Money, ProductId};

/// Most characters of a product's name.
const NAME_CHARS: usize = 200;

/// A product as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Product {
    #[sqlx(rename = "product_id")]
    pub(crate) id: ProductId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: Money,
    pub(crate) category_id: Option<CategoryId>,
    pub(crate) active: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A product's name: 1 to 200 characters.
pub(crate) fn product_name(text: &str) -> Result<String, InvalidText> {
    text::required(text, NAME_CHARS)
}

/// A product's description: not blank.
pub(crate) fn product_description(text: &str) -> Result<String, InvalidText> {
    text::required(text, LONG_TEXT_CHARS)
}
