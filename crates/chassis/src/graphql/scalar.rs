//! The two scalars that every subgraph declares alike.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};

/// RFC 3339, UTC, microseconds: 2026-01-31T09:30:00.123456Z
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// RFC 3339, UTC, microseconds: 2026-01-31T09:30:00.123456Z
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let instant = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| {
            InputValueError::custom("a DateTime looks like \"2026-01-31T09:30:00.123456Z\"")
        })?;
        Ok(Self(chrono::SubsecRound::trunc_subsecs(instant.with_timezone(&Utc), 6)))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(instant: chrono::DateTime<Utc>) -> Self {
        Self(instant)
    }
}

/// An exact decimal number as a string: "999.99". Never a float.
///
/// What the number must obey is for the command to say, so that a client learns it as a user error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(pub String);

/// Longer texts are no numbers that anybody means.
const DECIMAL_CHARS: usize = 64;

/// An exact decimal number as a string: "999.99". Never a float.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if text.len() <= DECIMAL_CHARS => Ok(Self(text)),
            Value::String(_) => Err(InputValueError::custom("a Decimal has at most 64 characters")),
            _ => Err(InputValueError::custom("a Decimal is written as a string: \"19.99\"")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
