//! Adds many stock items and reservations at once, for `agora sample-data`. The input is not
//! validated.

use crate::commands::contradiction;
use crate::domain::{
    Entry, Line, MovementKind, Reservation, ReservationId, ReservationStatus, Wanted, fingerprint,
};
use crate::store::ledger::{self, Movement};
use crate::{Error, store};
use chassis::{Db, Tx};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use std::sync::Arc;
use uuid::Uuid;

/// Units of one product.
#[derive(Clone, Copy, Debug)]
pub struct Units {
    /// The product.
    pub product: ProductId,
    /// The number of units.
    pub units: i64,
}

/// A reservation with its history.
#[derive(Clone, Debug)]
pub struct BulkReservation {
    /// Must be unique.
    pub id: Uuid,
    /// In product order, each product once.
    pub lines: Vec<Units>,
    /// What became of the reservation.
    pub outcome: Outcome,
    /// When the units were reserved.
    pub created_at: DateTime<Utc>,
    /// When the outcome was reached.
    pub updated_at: DateTime<Utc>,
}

/// What became of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The units are reserved.
    Held,
    /// The units were shipped.
    Fulfilled,
    /// The units were released before they were shipped.
    Released,
    /// The units were shipped and came back.
    Returned,
}

impl Outcome {
    /// The number of movements of each line.
    pub const fn movements(self) -> usize {
        self.path().len() + 1
    }

    /// The statuses after `held`, in order.
    const fn path(self) -> &'static [ReservationStatus] {
        use ReservationStatus::{Fulfilled, Released};
        match self {
            Self::Held => &[],
            Self::Fulfilled => &[Fulfilled],
            Self::Released => &[Released],
            Self::Returned => &[Fulfilled, Released],
        }
    }
}

/// Creates the stock items, each with one count, in one transaction. `stock` is in product order.
///
/// # Errors
/// When the database fails, or a product has stock already.
pub async fn add_stock(db: &Db, stock: Vec<Units>, at: DateTime<Utc>) -> Result<(), Error> {
    let stock: Arc<[Units]> = stock.into();
    db.write(move |tx| {
        let stock = Arc::clone(&stock);
        Box::pin(async move {
            let products: Vec<ProductId> = stock.iter().map(|stock| stock.product).collect();
            store::bulk::insert_stock_items(tx, &products, at).await?;
            post(
                tx,
                stock.iter().map(|stock| received(*stock, MovementKind::Counted, at)).collect(),
            )
            .await
        })
    })
    .await
}

/// Receives `deliveries` and adds the reservations in one transaction.
///
/// # Errors
/// When the database fails, or a product does not have the units.
pub async fn add_reservations(
    db: &Db,
    deliveries: Vec<Units>,
    reservations: Arc<[BulkReservation]>,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let deliveries: Arc<[Units]> = deliveries.into();
    db.write(move |tx| {
        let (deliveries, reservations) = (Arc::clone(&deliveries), Arc::clone(&reservations));
        Box::pin(async move {
            let rows: Vec<_> = reservations.iter().map(row).collect();
            store::bulk::insert_reservations(tx, &rows).await?;
            let delivered = deliveries.iter().map(|it| received(*it, MovementKind::Adjusted, at));
            post(tx, delivered.chain(reservations.iter().flat_map(movements)).collect()).await
        })
    })
    .await
}

async fn post(tx: &mut Tx, movements: Vec<Movement>) -> Result<(), Error> {
    match ledger::post_all(tx, &movements).await? {
        true => Ok(()),
        false => Err(contradiction("a product does not have the units of its movements")),
    }
}

/// The reservation as it is stored, and when it was updated.
fn row(bulk: &BulkReservation) -> (Reservation, DateTime<Utc>) {
    let wanted: Vec<Wanted> = bulk
        .lines
        .iter()
        .enumerate()
        .map(|(line, units)| Wanted { product: units.product, units: units.units, line })
        .collect();
    let reservation = Reservation {
        id: ReservationId::from(bulk.id),
        status: bulk.outcome.path().last().copied().unwrap_or(ReservationStatus::Held),
        request: fingerprint(&wanted),
        expires_at: None,
        created_at: bulk.created_at,
        lines: None,
    };
    (reservation, bulk.updated_at)
}

fn received(stock: Units, kind: MovementKind, at: DateTime<Utc>) -> Movement {
    let entry = Entry { product: stock.product, on_hand_delta: stock.units, reserved_delta: 0 };
    Movement { entry, kind, reservation: None, at }
}

/// Everything that the reservation's life wrote in the ledger.
fn movements(bulk: &BulkReservation) -> impl Iterator<Item = Movement> + '_ {
    let reservation = Some(ReservationId::from(bulk.id));
    let lines = || bulk.lines.iter().map(|it| Line { product: it.product, units: it.units });
    let reserved = lines().map(move |line| Movement {
        entry: Entry { product: line.product, on_hand_delta: 0, reserved_delta: line.units },
        kind: MovementKind::Reserved,
        reservation,
        at: bulk.created_at,
    });
    let statuses = [&[ReservationStatus::Held], bulk.outcome.path()].concat();
    let effects: Vec<_> = statuses.windows(2).filter_map(|pair| pair[0].effect(pair[1])).collect();
    let moved = effects.into_iter().flat_map(move |effect| {
        lines().map(move |line| Movement {
            entry: effect.on(line),
            kind: effect.kind,
            reservation,
            at: bulk.updated_at,
        })
    });
    reserved.chain(moved)
}
