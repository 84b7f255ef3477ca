//! The ledger, and the only statements that change a counter.

use super::bulk;
use crate::domain::{Entry, MAX_UNITS, MovementKind, ReservationId, StockMovement};
use chassis::Db;
use chassis::db::{BULK_ROWS, DbError, Order, Query, Select, Tx, rows};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::ProductId;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

const COLUMNS: &str =
    "stock_movement_id, product_id, kind, on_hand_delta, reserved_delta, reference, created_at";
const NEWEST: Order = Order { columns: &["stock_movement_id"], descending: true };

/// Why units move.
pub(crate) struct Cause<'c> {
    pub(crate) kind: MovementKind,
    pub(crate) reservation: Option<ReservationId>,
    pub(crate) reference: Option<&'c str>,
    pub(crate) at: DateTime<Utc>,
}

/// Changes the counters of each entry's product and writes down why: two statements, however many
/// entries. `false` when a product has no stock item or its counters cannot take the change; then
/// some may have changed, and the caller must undo the transaction.
pub(crate) async fn post(
    tx: &mut Tx,
    entries: &[Entry],
    cause: Cause<'_>,
) -> Result<bool, DbError> {
    if entries.is_empty() {
        return Ok(true);
    }
    if !change(tx, entries, cause.at).await? {
        return Ok(false);
    }

    let insert = format!(
        "with entry (product, on_hand_delta, reserved_delta) as (values {})
         insert into stock_movement
             (product_id, kind, on_hand_delta, reserved_delta,
              reservation_id, reference, created_at)
         select product, $1, on_hand_delta, reserved_delta, $2, $3, $4
         from entry
         order by product",
        rows(5, entries.len(), 3)
    );
    let query = tx
        .query(AssertSqlSafe(insert))
        .bind(cause.kind.word())
        .bind(cause.reservation)
        .bind(cause.reference)
        .bind(cause.at);
    bind(query, entries).execute().await?;
    Ok(true)
}

/// The statement that changes counters. `false` when a product has no stock item or its counters
/// cannot take the change.
async fn change(tx: &mut Tx, entries: &[Entry], at: DateTime<Utc>) -> Result<bool, DbError> {
    let update = format!(
        "with entry (product, on_hand_delta, reserved_delta) as (values {})
         update stock_item
         set on_hand = on_hand + on_hand_delta,
             reserved = reserved + reserved_delta,
             updated_at = $1
         from entry
         where product_id = product
           and reserved + reserved_delta between 0 and on_hand + on_hand_delta
           and on_hand + on_hand_delta <= {MAX_UNITS}",
        rows(2, entries.len(), 3)
    );
    let query = tx.query(AssertSqlSafe(update)).bind(at);
    let changed = bind(query, entries).execute().await?;
    Ok(usize::try_from(changed).ok() == Some(entries.len()))
}

/// One row of the ledger that is not stored yet.
pub(crate) struct Movement {
    pub(crate) entry: Entry,
    pub(crate) kind: MovementKind,
    pub(crate) reservation: Option<ReservationId>,
    pub(crate) at: DateTime<Utc>,
}

/// As [`post`], for many movements with causes of their own. Each counter changes once, by the sum
/// of the movements of its product.
pub(crate) async fn post_all(tx: &mut Tx, movements: &[Movement]) -> Result<bool, DbError> {
    let Some(last) = movements.iter().map(|movement| movement.at).max() else { return Ok(true) };
    let mut sums: BTreeMap<ProductId, Entry> = BTreeMap::new();
    for Movement { entry, .. } in movements {
        let none = Entry { product: entry.product, on_hand_delta: 0, reserved_delta: 0 };
        let sum = sums.entry(entry.product).or_insert(none);
        sum.on_hand_delta += entry.on_hand_delta;
        sum.reserved_delta += entry.reserved_delta;
    }
    let sums: Vec<Entry> = sums.into_values().collect();
    for sums in sums.chunks(BULK_ROWS) {
        if !change(tx, sums, last).await? {
            return Ok(false);
        }
    }
    for movements in movements.chunks(BULK_ROWS) {
        bulk::insert_movements(tx, movements).await?;
    }
    Ok(true)
}

fn bind<'q>(query: Query<'q>, entries: &[Entry]) -> Query<'q> {
    entries.iter().fold(query, |query, entry| {
        query.bind(entry.product).bind(entry.on_hand_delta).bind(entry.reserved_delta)
    })
}

pub(crate) async fn page_of_products(
    db: &Db,
    products: &[i64],
    page: &Page<i64>,
) -> Result<Vec<StockMovement>, DbError> {
    let select = Select::new(COLUMNS, "stock_movement");
    select.page_of_each(db, ("product_id", products), (NEWEST, page)).await
}

pub(crate) async fn count_of_products(
    db: &Db,
    products: &[i64],
) -> Result<Vec<(i64, i64)>, DbError> {
    Select::new(COLUMNS, "stock_movement").count_of_each(db, ("product_id", products)).await
}
