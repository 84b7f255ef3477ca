//! Types that every subgraph declares alike. Composition requires that they stay equal.

use super::{Decimal, ErrorCode};
use async_graphql::{Enum, SimpleObject};

/// An amount in the shop's currency.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(shareable)]
pub struct Money {
    /// The amount in the currency's main unit, with two decimal places.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: &'static str,
}

impl From<commerce::Money> for Money {
    fn from(amount: commerce::Money) -> Self {
        Self { amount: Decimal(amount.to_string()), currency: commerce::CURRENCY }
    }
}

/// Where a page lies in its list (Relay cursor connections).
#[derive(Clone, Debug, SimpleObject)]
#[graphql(shareable)]
pub struct PageInfo {
    /// There is more behind `endCursor`.
    pub has_next_page: bool,
    /// There is more in front of `startCursor`.
    pub has_previous_page: bool,
    /// The first edge's cursor, for `before`; null on an empty page.
    pub start_cursor: Option<String>,
    /// The last edge's cursor, for `after`; null on an empty page.
    pub end_cursor: Option<String>,
}

/// Why a mutation changed nothing: something its caller can put right.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct UserError {
    /// What kind of fault it is; stable.
    pub code: UserErrorCode,
    /// Path into the input, camelCase; null when no single field is at fault.
    pub field: Option<Vec<String>>,
    /// What is wrong, for people.
    pub message: String,
}

impl UserError {
    /// A fault of one input field, named by its dotted path: `"lines.2.quantity"`.
    pub fn at(code: UserErrorCode, path: &str, message: impl Into<String>) -> Self {
        let field = Some(path.split('.').map(str::to_owned).collect());
        Self { code, field, message: message.into() }
    }

    /// A fault of the request as a whole.
    pub fn whole(code: UserErrorCode, message: impl Into<String>) -> Self {
        Self { code, field: None, message: message.into() }
    }
}

/// The kinds of user errors. They are never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// The text is empty or only white space.
    Blank,
    /// The text or list is longer than allowed.
    TooLong,
    /// The value does not have the form it must have.
    Invalid,
    /// The number is below or above what is allowed.
    OutOfRange,
    /// The value must be unique and belongs to another already.
    Taken,
    /// There is nothing with this id.
    NotFound,
    /// There are fewer units available than asked for.
    InsufficientStock,
    /// The order cannot go from its status to that one.
    IllegalTransition,
    /// The total is not the one that the client expected.
    PriceChanged,
    /// Somebody else changed it first, or the same request is still running; read again and retry.
    Conflict,
    /// The idempotency key was used before, with another input.
    IdempotencyConflict,
}

/// A subgraph's error enum, which knows which of its variants a mutation answers as user errors.
pub trait UserErrors: ErrorCode + Sized {
    /// The user errors that this is, or the error back when its caller cannot put it right.
    ///
    /// # Errors
    /// The error itself.
    fn into_user_errors(self) -> Result<Vec<UserError>, Self>;
}

/// Splits a command's outcome into the two halves of a payload.
///
/// # Errors
/// The error, when its caller cannot put it right.
pub fn refused<T, E: UserErrors>(outcome: Result<T, E>) -> Result<(Option<T>, Vec<UserError>), E> {
    match outcome {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(error) => Ok((None, error.into_user_errors()?)),
    }
}
