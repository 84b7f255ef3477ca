//! Statements of the audit: the counters beside the sums of the ledger.

use crate::domain::{MAX_UNITS, ReservationStatus};
use chassis::Db;
use chassis::db::{DbError, Snapshot, Tx};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use futures::stream::BoxStream;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// The two counters of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Sums {
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
}

impl Sums {
    /// Whether a stock item can have them.
    pub(crate) fn fit(self) -> bool {
        0 <= self.reserved && self.reserved <= self.on_hand && self.on_hand <= MAX_UNITS
    }
}

/// A product's counters as they are stored, and as its ledger adds up.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(crate) struct Counted {
    pub(crate) product_id: ProductId,
    pub(crate) stored_on_hand: Option<i64>,
    pub(crate) stored_reserved: Option<i64>,
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) movements: i64,
}

/// A reservation with the units of its movements, by kind.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Settled {
    pub(crate) reservation_id: Uuid,
    #[sqlx(try_from = "String")]
    pub(crate) status: ReservationStatus,
    /// `product:units,…`; empty when it was released before anybody made it.
    pub(crate) request: String,
    pub(crate) expires: bool,
    pub(crate) reserved: i64,
    pub(crate) released: i64,
    pub(crate) fulfilled: i64,
    pub(crate) returned: i64,
}

/// `condition` picks reservations; both sides are read along their indexes.
fn settled(condition: &str) -> String {
    format!(
        "select reservation.reservation_id, reservation.status, reservation.request,
                reservation.expires_at is not null as expires,
                cast(sum(case kind when 'reserved' then reserved_delta else 0 end) as bigint)
                    as reserved,
                cast(sum(case kind when 'released' then -reserved_delta else 0 end) as bigint)
                    as released,
                cast(sum(case kind when 'fulfilled' then -reserved_delta else 0 end) as bigint)
                    as fulfilled,
                cast(sum(case kind when 'returned' then on_hand_delta else 0 end) as bigint)
                    as returned
         from reservation
         left join stock_movement on stock_movement.reservation_id = reservation.reservation_id
         {condition}
         group by reservation.reservation_id
         order by reservation.reservation_id"
    )
}

/// Every product that has a stock item or movements, in product order. The `+` keeps SQLite from
/// following the index by product, which leads all over the ledger: reading it from end to end and
/// sorting is eight times faster.
pub(crate) fn counted(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Counted, DbError>> {
    let sql = "select coalesce(ledger.product_id, stock_item.product_id) as product_id,
                      stock_item.on_hand as stored_on_hand,
                      stock_item.reserved as stored_reserved,
                      coalesce(ledger.on_hand, 0) as on_hand,
                      coalesce(ledger.reserved, 0) as reserved,
                      coalesce(ledger.movements, 0) as movements
               from (select +product_id as product_id, count(*) as movements,
                            cast(sum(on_hand_delta) as bigint) as on_hand,
                            cast(sum(reserved_delta) as bigint) as reserved
                     from stock_movement group by +product_id) as ledger
               full join stock_item on stock_item.product_id = ledger.product_id
               order by 1";
    snapshot.query(sql).fetch()
}

/// Every reservation, in the order of their ids.
pub(crate) fn all_settled(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Settled, DbError>> {
    snapshot.query(AssertSqlSafe(settled(""))).fetch()
}

/// One reservation, as it is now.
pub(crate) async fn one_settled(db: &Db, id: Uuid) -> Result<Option<Settled>, DbError> {
    let sql = settled("where reservation.reservation_id = $1");
    db.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await
}

/// The reservation, locked until the transaction ends.
pub(crate) async fn lock_settled(tx: &mut Tx, id: Uuid) -> Result<Option<Settled>, DbError> {
    let lock = format!(
        "select reservation_id from reservation where reservation_id = $1{}",
        tx.for_update()
    );
    if tx.query(AssertSqlSafe(lock)).bind(id).fetch_optional::<(Uuid,)>().await?.is_none() {
        return Ok(None);
    }
    let sql = settled("where reservation.reservation_id = $1");
    tx.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await
}

/// What the ledger says about a product.
pub(crate) async fn sums(tx: &mut Tx, product: ProductId) -> Result<Sums, DbError> {
    tx.query(
        "select coalesce(cast(sum(on_hand_delta) as bigint), 0) as on_hand,
                coalesce(cast(sum(reserved_delta) as bigint), 0) as reserved
         from stock_movement where product_id = $1",
    )
    .bind(product)
    .fetch_one()
    .await
}

/// Makes the counters what the ledger says. Its rows stay: only here a counter changes alone.
pub(crate) async fn set_counters(
    tx: &mut Tx,
    product: ProductId,
    sums: Sums,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.query(
        "update stock_item set on_hand = $2, reserved = $3, updated_at = $4 where product_id = $1",
    )
    .bind(product)
    .bind(sums.on_hand)
    .bind(sums.reserved)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Makes the status what the ledger says.
pub(crate) async fn set_status(
    tx: &mut Tx,
    id: Uuid,
    status: ReservationStatus,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.query("update reservation set status = $2, updated_at = $3 where reservation_id = $1")
        .bind(id)
        .bind(status.word())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// How many rows the ledger and the table of reservations have.
pub(crate) async fn row_counts(snapshot: &mut Snapshot) -> Result<(i64, i64), DbError> {
    snapshot
        .query(
            "select (select count(*) from stock_movement) as movements,
                    (select count(*) from reservation) as reservations",
        )
        .fetch_one()
        .await
}
