//! A reservation, and whether its status is what its movements say.

use super::Fault;
use crate::domain::ReservationStatus::{self, Expired, Fulfilled, Held, Released};
use crate::store::audit::Settled;
use std::fmt;
use uuid::Uuid;

/// A reservation beside its movements. It is written as its status.
#[derive(Clone, Debug)]
pub struct Reservation(Settled);

impl From<Settled> for Reservation {
    fn from(row: Settled) -> Self {
        Self(row)
    }
}

impl Reservation {
    /// The id that its caller chose.
    pub fn id(&self) -> Uuid {
        self.0.reservation_id
    }

    /// Its units are promised.
    pub fn is_held(&self) -> bool {
        self.0.status == Held
    }

    /// Its units have left the house.
    pub fn is_fulfilled(&self) -> bool {
        self.0.status == Fulfilled
    }

    /// Its units are free, or came back.
    pub fn is_given_back(&self) -> bool {
        matches!(self.0.status, Released | Expired)
    }

    /// It ends by itself.
    pub fn expires(&self) -> bool {
        self.0.expires
    }

    /// How many units were asked for; `None` when it was released before anybody made it, or when
    /// the request cannot be read.
    pub fn asked(&self) -> Option<i64> {
        self.0.request.split(',').try_fold(0_i64, |sum, line| {
            let (_, units) = line.split_once(':')?;
            sum.checked_add(units.parse().ok()?)
        })
    }

    /// Its movements cannot be what happened: rows of the ledger are missing.
    pub fn is_contradiction(&self) -> bool {
        self.told().is_empty()
    }

    /// `None` when its status is one that its movements lead to.
    pub fn fault(&self) -> Option<Fault> {
        let allowed = self.told();
        if allowed.contains(&self.0.status) {
            return None;
        }
        let Settled { reserved, released, fulfilled, returned, .. } = self.0;
        let movements = format!(
            "reserved {reserved} released {released} fulfilled {fulfilled} returned {returned}"
        );
        let expected = match allowed.first() {
            Some(status) => format!("{} after {movements}", status.word()),
            None => {
                let asked =
                    self.asked().map_or(String::new(), |units| format!(" of {units} units"));
                format!("movements{asked} that agree, which are {movements}")
            }
        };
        Some(Fault { expected, found: self.to_string() })
    }

    /// What the movements tell, the likeliest first; nothing when they contradict each other.
    pub(super) fn told(&self) -> &'static [ReservationStatus] {
        let Settled { reserved, released, fulfilled, returned, .. } = self.0;
        if self.asked().is_some_and(|asked| asked != reserved) {
            return &[];
        }
        match (released, fulfilled, returned) {
            // Released before anybody made it.
            (0, 0, 0) if reserved == 0 => &[Released],
            (0, 0, 0) => &[Held],
            (_, 0, 0) if released == reserved => &[Released, Expired],
            // What came back to a product that is no longer stocked has no movement.
            (0, _, 0) if fulfilled == reserved => &[Fulfilled, Released],
            (0, _, _) if fulfilled == reserved && returned <= fulfilled => &[Released],
            _ => &[],
        }
    }
}

impl fmt::Display for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.status.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a status fits units that were reserved, released, fulfilled and returned.
    fn fits(status: ReservationStatus, units: [i64; 4]) -> bool {
        let [reserved, released, fulfilled, returned] = units;
        let reservation_id = Uuid::nil();
        let (expires, request) = (false, String::new());
        let row = Settled {
            reservation_id,
            status,
            request,
            expires,
            reserved,
            released,
            fulfilled,
            returned,
        };
        Reservation(row).fault().is_none()
    }

    #[test]
    fn a_status_fits_the_movements_that_lead_to_it_and_no_others() {
        let all = [Held, Fulfilled, Released, Expired];
        for (units, fitting) in [
            ([0, 0, 0, 0], vec![Released]),
            ([2, 0, 0, 0], vec![Held]),
            ([2, 2, 0, 0], vec![Released, Expired]),
            ([2, 0, 2, 0], vec![Fulfilled, Released]),
            ([2, 0, 2, 1], vec![Released]),
            ([2, 1, 0, 0], vec![]),
            ([2, 2, 2, 0], vec![]),
            ([2, 0, 2, 3], vec![]),
        ] {
            let found: Vec<_> = all.into_iter().filter(|status| fits(*status, units)).collect();
            assert_eq!(found, fitting, "{units:?}");
        }
    }
}
