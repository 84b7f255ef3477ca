//! Collects what is wrong with an input, so that a client learns all of it at once.

use super::{UserError, UserErrorCode};
use commerce::text::InvalidText;
use commerce::{InvalidId, InvalidMoney, InvalidQuantity};
use std::fmt::Display;

/// Why a value is refused, as one of the codes that clients know.
pub trait Fault: Display {
    /// The code of this fault.
    fn code(&self) -> UserErrorCode;
}

impl Fault for InvalidText {
    fn code(&self) -> UserErrorCode {
        match self {
            Self::Blank => UserErrorCode::Blank,
            Self::TooLong { .. } => UserErrorCode::TooLong,
            Self::Nul => UserErrorCode::Invalid,
        }
    }
}

impl Fault for InvalidMoney {
    fn code(&self) -> UserErrorCode {
        match self {
            Self::Malformed | Self::TooManyDecimals => UserErrorCode::Invalid,
            Self::Negative | Self::TooLarge => UserErrorCode::OutOfRange,
        }
    }
}

impl Fault for InvalidQuantity {
    fn code(&self) -> UserErrorCode {
        UserErrorCode::OutOfRange
    }
}

impl Fault for InvalidId {
    fn code(&self) -> UserErrorCode {
        UserErrorCode::Invalid
    }
}

/// The faults of one input.
#[derive(Debug, Default)]
pub struct Faults(Vec<UserError>);

impl Faults {
    /// The value, or a fault noted at `path` (dotted, camelCase).
    pub fn check<T, F: Fault>(&mut self, path: &str, value: Result<T, F>) -> Option<T> {
        value.map_err(|fault| self.add(fault.code(), path, format!("{path}: {fault}"))).ok()
    }

    /// As [`Faults::check`], for a value that may be left out.
    pub fn check_given<T, F: Fault>(
        &mut self,
        path: &str,
        value: Option<Result<T, F>>,
    ) -> Option<T> {
        value.and_then(|value| self.check(path, value))
    }

    /// Notes a fault.
    pub fn add(&mut self, code: UserErrorCode, path: &str, message: impl Into<String>) {
        self.0.push(UserError::at(code, path, message));
    }

    /// What `value` puts together out of the checked parts, or every fault.
    ///
    /// # Errors
    /// The faults.
    pub fn finish<T>(self, value: impl FnOnce() -> Option<T>) -> Result<T, Vec<UserError>> {
        if self.0.is_empty() { value().ok_or(self.0) } else { Err(self.0) }
    }
}
