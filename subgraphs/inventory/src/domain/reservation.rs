//! A promise of units.

use super::{Entry, MovementKind, ReservationId, UnknownWord};
use chrono::{DateTime, Utc};
use commerce::ProductId;

/// A reservation, as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Reservation {
    #[sqlx(rename = "reservation_id")]
    pub(crate) id: ReservationId,
    #[sqlx(try_from = "String")]
    pub(crate) status: ReservationStatus,
    /// What was asked for, see [`super::fingerprint`].
    pub(crate) request: String,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    /// The lines, where they are at hand already.
    #[sqlx(skip)]
    pub(crate) lines: Option<Vec<Line>>,
}

/// So many units of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Line {
    #[sqlx(rename = "product_id")]
    pub(crate) product: ProductId,
    #[sqlx(rename = "reserved_delta")]
    pub(crate) units: i64,
}

/// Where a reservation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReservationStatus {
    Held,
    Fulfilled,
    Released,
    Expired,
}

/// What a change of status does to the stock, for one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) kind: MovementKind,
    on_hand: i64,
    reserved: i64,
}

impl ReservationStatus {
    /// The word that is stored.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Fulfilled => "fulfilled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// What going from here to `next` does; `None` when there is no such way.
    pub(crate) const fn effect(self, next: Self) -> Option<Effect> {
        use MovementKind::{Fulfilled as Shipped, Released as GivenBack, Returned};
        use ReservationStatus::*;
        match (self, next) {
            (Held, Released | Expired) => {
                Some(Effect { kind: GivenBack, on_hand: 0, reserved: -1 })
            }
            (Held, Fulfilled) => Some(Effect { kind: Shipped, on_hand: -1, reserved: -1 }),
            // The goods came back.
            (Fulfilled, Released) => Some(Effect { kind: Returned, on_hand: 1, reserved: 0 }),
            _ => None,
        }
    }
}

impl Effect {
    /// What it does to the counters of the line's product.
    pub(crate) const fn on(self, line: Line) -> Entry {
        Entry {
            product: line.product,
            on_hand_delta: self.on_hand * line.units,
            reserved_delta: self.reserved * line.units,
        }
    }
}

impl TryFrom<String> for ReservationStatus {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        use ReservationStatus::*;
        [Held, Fulfilled, Released, Expired]
            .into_iter()
            .find(|status| status.word() == word)
            .ok_or(UnknownWord(word))
    }
}

#[cfg(test)]
mod tests {
    use super::ReservationStatus::{Expired, Fulfilled, Held, Released};

    #[test]
    fn nothing_leads_out_of_released_and_expired() {
        let all = [Held, Fulfilled, Released, Expired];
        let ways = all.iter().flat_map(|from| all.iter().map(move |to| (*from, *to)));
        let open: Vec<_> = ways.filter(|(from, to)| from.effect(*to).is_some()).collect();

        assert_eq!(
            open,
            [(Held, Fulfilled), (Held, Released), (Held, Expired), (Fulfilled, Released)]
        );
    }
}
