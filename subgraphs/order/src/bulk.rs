//! Adds many orders at once, for `agora sample-data`. The input is not validated.
//!
//! As when one order is placed: the placements are recorded before the inventory reserves, and the
//! orders are written after that. What is interrupted in between is aborted by the sweeper.

use crate::commands::given_up;
use crate::domain::{NewLine, OrderStatus, WantedLine, request_hash, total};
use crate::store::bulk as store;
use crate::store::{order::NewOrder, placement::NewPlacement};
use crate::{Error, commands};
use chassis::Db;
use chrono::{DateTime, TimeDelta, Utc};
use commerce::{Money, ProductId, Quantity, UserId};
use std::sync::Arc;
use uuid::Uuid;

/// The time between two statuses of an order.
const STEP: TimeDelta = TimeDelta::hours(9);

/// An order with its history.
#[derive(Clone, Debug)]
pub struct BulkOrder {
    /// The reservation that holds the order's units.
    pub reservation: Uuid,
    /// The customer.
    pub user: UserId,
    /// The shipping address.
    pub address: String,
    /// At least one.
    pub lines: Vec<BulkLine>,
    /// What became of the order.
    pub fate: Fate,
    /// When the order was placed.
    pub placed_at: DateTime<Utc>,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub struct BulkLine {
    /// The product.
    pub product: ProductId,
    /// The product's name when the order was placed.
    pub name: String,
    /// The number of units.
    pub quantity: Quantity,
    /// The product's price when the order was placed.
    pub unit_price: Money,
}

/// What became of an order: its statuses up to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The order was placed.
    Pending,
    /// Then confirmed.
    Confirmed,
    /// Then shipped.
    Shipped,
    /// Then delivered.
    Delivered,
    /// Cancelled before it was shipped.
    Cancelled,
    /// Cancelled after it was shipped: the goods came back.
    Returned,
}

impl Fate {
    /// The number of statuses.
    pub const fn events(self) -> usize {
        self.statuses().len()
    }

    pub(crate) const fn statuses(self) -> &'static [OrderStatus] {
        use OrderStatus::{Cancelled, Confirmed, Delivered, Pending, Shipped};
        match self {
            Self::Pending => &[Pending],
            Self::Confirmed => &[Pending, Confirmed],
            Self::Shipped => &[Pending, Confirmed, Shipped],
            Self::Delivered => &[Pending, Confirmed, Shipped, Delivered],
            Self::Cancelled => &[Pending, Cancelled],
            Self::Returned => &[Pending, Confirmed, Shipped, Cancelled],
        }
    }
}

impl BulkOrder {
    /// When the order got its last status.
    pub fn updated_at(&self) -> DateTime<Utc> {
        self.events().last().map_or(self.placed_at, |(_, at)| at)
    }

    /// Its statuses and when it got them.
    pub(crate) fn events(&self) -> impl Iterator<Item = (OrderStatus, DateTime<Utc>)> + '_ {
        self.fate.statuses().iter().scan(self.placed_at, |next, status| {
            let at = *next;
            *next += STEP;
            Some((*status, at))
        })
    }

    fn placement(&self, instance_id: Uuid, attended_until: DateTime<Utc>) -> NewPlacement {
        let wanted =
            |line: &BulkLine| WantedLine { product_id: line.product, quantity: line.quantity };
        let lines: Vec<WantedLine> = self.lines.iter().map(wanted).collect();
        NewPlacement {
            reservation_id: self.reservation,
            user_id: self.user,
            idempotency_key: None,
            request_hash: request_hash(self.user, &self.address, &lines, None),
            instance_id,
            attended_until,
            created_at: self.placed_at,
        }
    }

    fn lines(&self) -> Vec<NewLine> {
        let line = |line: &BulkLine| NewLine {
            product_id: line.product,
            product_name: line.name.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
        };
        self.lines.iter().map(line).collect()
    }
}

/// Records that the orders are being placed, in one transaction. `instance` names this process.
///
/// # Errors
/// When the database fails.
pub async fn start_placements(
    db: &Db,
    instance: Uuid,
    orders: &[BulkOrder],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let until = now + commands::ATTENDED;
    let placement = |order: &BulkOrder| order.placement(instance, until);
    let placements: Arc<[NewPlacement]> = orders.iter().map(placement).collect();
    db.write(move |tx| {
        let placements = Arc::clone(&placements);
        Box::pin(async move { Ok(store::insert_placements(tx, &placements).await?) })
    })
    .await
}

/// Writes the orders of started placements, whose units are reserved, in one transaction.
///
/// # Errors
/// When the database fails, when a placement has ended, or when a total is too large.
pub async fn add_orders(db: &Db, orders: Arc<[BulkOrder]>) -> Result<(), Error> {
    db.write(move |tx| {
        let orders = Arc::clone(&orders);
        Box::pin(async move {
            let reservations: Vec<Uuid> = orders.iter().map(|order| order.reservation).collect();
            if !store::end_placements(tx, &reservations).await? {
                return Err(given_up());
            }
            let rows = orders.iter().map(row).collect::<Result<Vec<_>, Error>>()?;
            let ids = store::insert_orders(tx, &rows).await?;
            let lines = orders.iter().zip(&ids);
            let lines: Vec<_> = lines
                .flat_map(|(order, id)| order.lines().into_iter().map(|line| (*id, line)))
                .collect();
            store::insert_lines(tx, &lines).await?;
            let events = orders.iter().zip(&ids);
            let events: Vec<_> = events
                .flat_map(|(order, id)| order.events().map(|(status, at)| (*id, status, at)))
                .collect();
            Ok(store::insert_events(tx, &events).await?)
        })
    })
    .await
}

fn row(order: &BulkOrder) -> Result<store::Row, Error> {
    let total = total(&order.lines()).ok_or_else(|| Error::Refused(Vec::new()))?;
    let new = NewOrder {
        user_id: order.user,
        total,
        shipping_address: order.address.clone(),
        reservation_id: order.reservation,
    };
    let status = order.fate.statuses().last().copied().unwrap_or(OrderStatus::Pending);
    Ok(store::Row { new, status, placed_at: order.placed_at, updated_at: order.updated_at() })
}
