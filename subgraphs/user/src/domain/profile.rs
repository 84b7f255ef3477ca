//! How to reach a user.

use super::InvalidField;
use chrono::{DateTime, Utc};
use commerce::text;
use commerce::{ProfileId, UserId};

/// Most characters of a phone number.
const PHONE_CHARS: usize = 15;
/// Most characters of an address, which may be long.
const ADDRESS_CHARS: usize = 100_000;

/// A profile as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Profile {
    #[sqlx(rename = "profile_id")]
    pub(crate) id: ProfileId,
    #[sqlx(rename = "account_id")]
    pub(crate) user_id: UserId,
    pub(crate) phone: String,
    pub(crate) address: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A phone number: at most 15 characters, also none.
pub(crate) fn phone(text: &str) -> Result<String, InvalidField> {
    Ok(text::optional(text, PHONE_CHARS)?)
}

/// A postal address: any text, also none.
pub(crate) fn address(text: &str) -> Result<String, InvalidField> {
    Ok(text::optional(text, ADDRESS_CHARS)?)
}
