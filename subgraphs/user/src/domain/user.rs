//! An account.

use super::InvalidField;
use chrono::{DateTime, Datelike, Utc};
use commerce::UserId;
use commerce::text;

/// Most characters of a first or last name.
const NAME_CHARS: usize = 150;
/// The last year that every client can read.
const LAST_YEAR: i32 = 9999;

/// A user as it is stored, without the password's hash.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct User {
    #[sqlx(rename = "account_id")]
    pub(crate) id: UserId,
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) date_joined: DateTime<Utc>,
}

/// A first or last name: at most 150 characters, also none.
pub(crate) fn person_name(text: &str) -> Result<String, InvalidField> {
    Ok(text::optional(text, NAME_CHARS)?)
}

/// When an account was opened: in the years 1 to 9999.
pub(crate) fn date_joined(at: DateTime<Utc>) -> Result<DateTime<Utc>, InvalidField> {
    // Counting microseconds turns a leap second, which PostgreSQL cannot keep, into the next one.
    DateTime::from_timestamp_micros(at.timestamp_micros())
        .filter(|at| (1..=LAST_YEAR).contains(&at.year()))
        .ok_or(InvalidField::DateJoined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_was_opened_in_a_year_of_four_digits() {
        let at = |text: &str| date_joined(text.parse().unwrap());
        assert_eq!(at("2020-02-03T04:05:06Z"), Ok("2020-02-03T04:05:06Z".parse().unwrap()));
        assert_eq!(at("2016-12-31T23:59:60Z"), Ok("2017-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(at("9999-12-31T23:59:59-01:00"), Err(InvalidField::DateJoined));
        assert_eq!(at("0001-01-01T00:00:00+01:00"), Err(InvalidField::DateJoined));
    }
}
