//! How callers name reservations.

use chassis::graphql::{Fault, UserErrorCode};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Length of a UUID in its usual spelling, with hyphens.
const UUID_CHARS: usize = 36;

/// Identifies a reservation: a UUID that its caller chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct ReservationId(Uuid);

/// A text that is not a reservation id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a reservation id: it must be a UUID of 36 characters")]
pub struct InvalidReservationId;

impl FromStr for ReservationId {
    type Err = InvalidReservationId;

    /// Only the spelling with hyphens, in either case.
    fn from_str(text: &str) -> Result<Self, InvalidReservationId> {
        if text.len() != UUID_CHARS {
            return Err(InvalidReservationId);
        }
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidReservationId)
    }
}

impl From<Uuid> for ReservationId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl Fault for InvalidReservationId {
    fn code(&self) -> UserErrorCode {
        UserErrorCode::Invalid
    }
}

impl fmt::Display for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_with_hyphens() {
        let id: ReservationId = "019A4B6E-3C00-7000-8000-00000000000A".parse().unwrap();
        assert_eq!(id.to_string(), "019a4b6e-3c00-7000-8000-00000000000a");
        for text in
            ["", "7", "019a4b6e3c00700080000000000000aa", "019a4b6e-3c00-7000-8000-00000000000g"]
        {
            assert_eq!(text.parse::<ReservationId>(), Err(InvalidReservationId), "{text:?}");
        }
    }
}
