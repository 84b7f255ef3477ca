//! Orders beside reservations: both lists are in the order of the reservations' ids, so one walk
//! along both sees every pair, however many there are.

use super::judge::judge;
use super::report::Report;
use super::shop::Shop;
use super::violation::{Invariant, Remedy, Violation};
use chassis::db::Snapshot;
use futures::{TryStreamExt, try_join};
use inventory::audit::Reservation;
use order::audit::Claim;
use std::cmp::Ordering;
use std::time::Duration;
use uuid::Uuid;

/// Looks at one reservation until the order's side stands still.
const LOOKS: usize = 40;
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(25);
const LEDGER: &str = "its movements contradict each other: bring the ledger back from a backup";

pub(super) async fn check(
    shop: &Shop,
    (orders, inventory): (&mut Snapshot, &mut Snapshot),
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut claims = order::audit::claims(orders);
    let mut reservations = inventory::audit::reservations(inventory);
    let (mut claim, mut reservation) = try_join!(claims.try_next(), reservations.try_next())?;
    loop {
        // Whose turn it is: the smaller id, or both.
        let turn = match (&claim, &reservation) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(claim), Some(reservation)) => claim.reservation().cmp(&reservation.id()),
        };
        let this_claim = if turn.is_le() { claim.take() } else { None };
        let this_reservation = if turn.is_ge() { reservation.take() } else { None };
        look(shop, this_claim, this_reservation, report).await?;
        if turn.is_le() {
            claim = claims.try_next().await?;
        }
        if turn.is_ge() {
            reservation = reservations.try_next().await?;
        }
    }
}

/// At one id, as the snapshots have it.
async fn look(
    shop: &Shop,
    claim: Option<Claim>,
    reservation: Option<Reservation>,
    report: &mut Report,
) -> anyhow::Result<()> {
    if claim.is_some() {
        report.checked(Invariant::OrderReservations, 1);
    }
    if let Some(reservation) = &reservation {
        report.checked(Invariant::HeldReservations, 1);
        if let Some(fault) = reservation.fault() {
            let remedy = match reservation.is_contradiction() {
                true => Remedy::Ledger,
                false => Remedy::Status(reservation.id()),
            };
            let violation = Violation {
                invariant: Invariant::StockCounters,
                subject: format!("reservation {}", reservation.id()),
                expected: fault.expected,
                found: fault.found,
                remedy,
                advice: LEDGER,
            };
            report.violated(shop, &violation).await?;
        }
    }
    let unknown = || reservation.as_ref().map(|reservation| Claim::unknown(reservation.id()));
    let Some(claim) = claim.or_else(unknown) else { return Ok(()) };
    if judge(&claim, reservation.as_ref()).is_none() {
        return Ok(());
    }
    match persisting(shop, claim.reservation()).await? {
        Some(violation) => report.violated(shop, &violation).await,
        None => Ok(()),
    }
}

/// What is wrong with both sides of one moment: when the order's side was the same before and after
/// the reservation was read, it was so in between. The order's side never goes back to what it was.
async fn persisting(shop: &Shop, id: Uuid) -> anyhow::Result<Option<Violation>> {
    let mut before = order::audit::claim(&shop.order, id).await?;
    for _ in 0..LOOKS {
        let reservation = inventory::audit::reservation(&shop.inventory, id).await?;
        let after = order::audit::claim(&shop.order, id).await?;
        if before == after {
            return Ok(judge(&after, reservation.as_ref()));
        }
        before = after;
        tokio::time::sleep(PAUSE).await;
    }
    // It moved all the time, so somebody is at it.
    Ok(None)
}
