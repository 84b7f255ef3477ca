//! What an order needs of its reservation, and what the reservation is.

use super::violation::{Invariant, Remedy, Violation};
use inventory::audit::Reservation;
use order::audit::{Claim, Expects};

const LINES: (Remedy, &str) =
    (Remedy::Lines, "the order's lines were changed by hand: restore them");
const EFFECT: (Remedy, &str) =
    (Remedy::Nothing, "take the effect's row away before the shop starts");
const EXPIRY: (Remedy, &str) = (Remedy::Nothing, "take its expiry away before the time comes");

/// `None` when both sides fit, or an effect that makes them fit waits.
pub(super) fn judge(claim: &Claim, reservation: Option<&Reservation>) -> Option<Violation> {
    let id = claim.reservation();
    let violation = |invariant, expected: &str, (remedy, advice)| Violation {
        invariant,
        subject: format!("reservation {id} ({claim})"),
        expected: expected.to_owned(),
        found: reservation.map_or("no such reservation".to_owned(), Reservation::to_string),
        remedy,
        advice,
    };
    if !claim.is_placed() {
        let remedy = (Remedy::Placed(id), "the order's attempt was changed by hand: restore it");
        return Some(violation(Invariant::OrderReservations, "an attempt that is placed", remedy));
    }
    if let Some((expected, found, remedy)) = changed(claim, reservation) {
        let violation = violation(Invariant::OrderReservations, &expected, remedy);
        return Some(Violation { found: found.unwrap_or(violation.found), ..violation });
    }
    let is = |test: fn(&Reservation) -> bool| reservation.is_some_and(test);
    let held = is(Reservation::is_held);
    let left = is(Reservation::is_fulfilled);
    let given_back = is(Reservation::is_given_back);
    let shipping = held && claim.fulfil_waits();

    let (fits, invariant, expected) = match claim.expects() {
        Expects::Anything => return None,
        Expects::Held => (held, Invariant::OrderReservations, "held"),
        Expects::Fulfilled => {
            (left || shipping, Invariant::OrderReservations, "fulfilled, or that effect waiting")
        }
        Expects::GivenBack => {
            let fits = given_back || claim.release_waits();
            (fits, Invariant::OrderReservations, "released, or that effect waiting")
        }
        Expects::Settled => {
            let fits = given_back || left || shipping || claim.release_waits();
            let invariant = match held {
                true => Invariant::HeldReservations,
                false => Invariant::OrderReservations,
            };
            (fits, invariant, "released or fulfilled, or that effect waiting")
        }
        Expects::NotHeld => {
            // What expires belongs to nobody but the clock.
            let fits = !held || is(Reservation::expires) || claim.release_waits();
            (fits, Invariant::HeldReservations, "not held, or a release waiting")
        }
    };
    (!fits).then(|| violation(invariant, expected, remedy(claim, held, left)))
}

/// What somebody must have changed by hand, and nobody else can undo: what was expected, what was
/// found if it is not the reservation, and what to do.
fn changed(
    claim: &Claim,
    reservation: Option<&Reservation>,
) -> Option<(String, Option<String>, (Remedy, &'static str))> {
    let promised = claim.expects() == Expects::Held;
    if promised && (claim.release_waits() || claim.fulfil_waits()) {
        return Some(("no effect that ends it".to_owned(), None, EFFECT));
    }
    let reservation = reservation?;
    if promised && reservation.is_held() && reservation.expires() {
        return Some(("no expiry".to_owned(), None, EXPIRY));
    }
    let (units, asked) = (claim.units()?, reservation.asked()?);
    let expected = || format!("{asked} units in the order's lines");
    (units != asked).then(|| (expected(), Some(units.to_string()), LINES))
}

fn remedy(claim: &Claim, held: bool, left: bool) -> (Remedy, &'static str) {
    let effect = Remedy::Effect(claim.reservation());
    match claim.expects() {
        Expects::Held if left => {
            (Remedy::Nothing, "its units have left the house: move the order to shipped")
        }
        Expects::Held => {
            (Remedy::Nothing, "its units are promised to nobody: cancel the order, place it again")
        }
        Expects::Fulfilled if !held => (
            Remedy::Nothing,
            "its units are counted as in the house: cancel the order if they came back, else take \
             them off with adjustStock and delete it",
        ),
        _ => (
            effect,
            "the effect could not be recorded: mend what is said of orders, and run it again",
        ),
    }
}
