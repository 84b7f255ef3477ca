//! The orders, and what they do to the stock.

use super::catalogue::{self, Item};
use super::customers::Customers;
use super::databases::Databases;
use super::progress::Progress;
use super::words::{address, popular};
use super::{BATCH, Plan, moment};
use anyhow::Context;
use chrono::{DateTime, Utc};
use commerce::{Clock, Quantity, SystemClock};
use fastrand::Rng;
use inventory::bulk::{BulkReservation, Outcome, Units, add_reservations};
use order::bulk::{BulkLine, BulkOrder, Fate, add_orders, start_placements};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::{Builder, Uuid};

/// Draws what is ordered.
const PURPOSE: u64 = 3;
/// The number of units that are received when a product has too few.
const DELIVERY: i64 = 1_000;
/// One line in so many is of the first product, and one order in so many of the first user.
const HOT: u32 = 20;

pub(super) async fn add(
    databases: &Databases,
    plan: &Plan,
    (customers, mut items): (&Customers, Vec<Item>),
    progress: &Progress,
) -> anyhow::Result<()> {
    let instance = Uuid::now_v7();
    // A second run has the same seed, and other users: its reservations have other ids.
    let mut random = plan.random(PURPOSE + (customers.before.unsigned_abs() << 8));
    let mut drawn = 0;
    let mut reserved: Option<Reserved> = None;
    while drawn < plan.orders || reserved.is_some() {
        let next = drawn..plan.orders.min(drawn + BATCH);
        let mut batch = Batch::default();
        for index in next.clone() {
            batch.draw(plan, index, customers, &mut items, &mut random);
        }
        let at = moment(next.start, plan.orders);
        // Two databases: the inventory reserves while the orders of the last batch are written.
        let (now_reserved, ()) = futures::try_join!(
            batch.reserve(databases, instance, at),
            complete(databases, reserved, progress),
        )?;
        reserved = now_reserved;
        drawn = next.end;
    }
    Ok(())
}

/// Orders whose units are reserved.
struct Reserved {
    orders: Vec<BulkOrder>,
    rows: usize,
}

async fn complete(
    databases: &Databases,
    reserved: Option<Reserved>,
    progress: &Progress,
) -> anyhow::Result<()> {
    let Some(Reserved { orders, rows }) = reserved else { return Ok(()) };
    let count = orders.len();
    add_orders(&databases.order, orders.into()).await.context("orders cannot be added")?;
    progress.wrote(count, rows);
    Ok(())
}

/// Orders that are written together.
#[derive(Default)]
struct Batch {
    orders: Vec<BulkOrder>,
    reservations: Vec<BulkReservation>,
    deliveries: Vec<Units>,
}

impl Batch {
    fn draw(
        &mut self,
        plan: &Plan,
        index: usize,
        customers: &Customers,
        items: &mut [Item],
        random: &mut Rng,
    ) {
        let fate = fate(index, plan.orders, random);
        let mut wanted = BTreeMap::new();
        for _ in 0..random.usize(1..5) {
            let item = if random.u32(..HOT) == 0 { 0 } else { popular(random, items.len()) };
            wanted.entry(item).or_insert_with(|| random.i64(1..4));
        }
        let mut lines = Vec::new();
        for (number, units) in &wanted {
            let item = &mut items[*number];
            if item.available < *units {
                self.deliveries.push(Units { product: item.id, units: DELIVERY });
                item.available += DELIVERY;
            }
            if !matches!(fate, Fate::Cancelled | Fate::Returned) {
                item.available -= units;
            }
            // Units are few: they are a valid quantity.
            let Ok(quantity) = Quantity::try_from(*units) else { continue };
            lines.push(BulkLine {
                product: item.id,
                name: catalogue::name(plan, *number),
                quantity,
                unit_price: item.price,
            });
        }
        let user = if random.u32(..HOT) == 0 { 0 } else { popular(random, customers.ids.len()) };
        let placed_at = moment(index, plan.orders);
        let order = BulkOrder {
            reservation: reservation_id(placed_at, random),
            user: customers.ids[user],
            address: address(random),
            lines,
            fate,
            placed_at,
        };
        self.reservations.push(reservation(&order));
        self.orders.push(order);
    }

    /// Records the placements and then reserves: what is interrupted after that is aborted by the
    /// shop. `None` when there are no orders.
    async fn reserve(
        self,
        databases: &Databases,
        instance: Uuid,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Option<Reserved>> {
        if self.orders.is_empty() {
            return Ok(None);
        }
        let rows = self.rows();
        let (orders, inventory) = (&databases.order, &databases.inventory);
        let started = start_placements(orders, instance, &self.orders, SystemClock.now()).await;
        started.context("placements cannot be recorded")?;
        let reservations: Arc<[BulkReservation]> = self.reservations.into();
        let reserved = add_reservations(inventory, self.deliveries, reservations, at).await;
        reserved.context("reservations cannot be added")?;
        Ok(Some(Reserved { orders: self.orders, rows }))
    }

    fn rows(&self) -> usize {
        let events = self.orders.iter().map(|order| order.fate.events());
        let lines: usize = self.orders.iter().map(|order| order.lines.len()).sum();
        let movements = self.reservations.iter().map(|it| it.lines.len() * it.outcome.movements());
        // An order has a placement and a reservation besides.
        self.deliveries.len()
            + 3 * self.orders.len()
            + lines
            + events.sum::<usize>()
            + movements.sum::<usize>()
    }
}

fn reservation(order: &BulkOrder) -> BulkReservation {
    let units = |line: &BulkLine| Units { product: line.product, units: line.quantity.get() };
    let mut lines: Vec<Units> = order.lines.iter().map(units).collect();
    lines.sort_unstable_by_key(|line| line.product);
    let outcome = match order.fate {
        Fate::Pending | Fate::Confirmed => Outcome::Held,
        Fate::Shipped | Fate::Delivered => Outcome::Fulfilled,
        Fate::Cancelled => Outcome::Released,
        Fate::Returned => Outcome::Returned,
    };
    let (created_at, updated_at) = (order.placed_at, order.updated_at());
    BulkReservation { id: order.reservation, lines, outcome, created_at, updated_at }
}

/// The newest orders are still on their way.
fn fate(index: usize, total: usize, random: &mut Rng) -> Fate {
    match (random.u32(..100), (total - index) * 100 / total.max(1)) {
        (0..8, _) => Fate::Cancelled,
        (8..10, 15..) => Fate::Returned,
        (_, 0..4) => Fate::Pending,
        (_, 4..8) => Fate::Confirmed,
        (_, 8..15) => Fate::Shipped,
        _ => Fate::Delivered,
    }
}

/// As the shop makes them: in the order of time, which keeps the index small.
fn reservation_id(at: DateTime<Utc>, random: &mut Rng) -> Uuid {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}
