//! Statements about reservations. Their lines are rows of the ledger.

use crate::domain::{Line, Reservation, ReservationId, ReservationStatus};
use chassis::Db;
use chassis::db::{DbError, Tx, placeholders};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "reservation_id, status, request, expires_at, created_at";

pub(crate) async fn by_ids(db: &Db, ids: &[ReservationId]) -> Result<Vec<Reservation>, DbError> {
    let sql = format!(
        "select {COLUMNS} from reservation where reservation_id in ({})",
        placeholders(1, ids.len())
    );
    db.query(AssertSqlSafe(sql)).bind_list(ids).fetch_all().await
}

/// A line and whose it is.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(crate) struct LineOf {
    #[sqlx(rename = "reservation_id")]
    pub(crate) reservation: ReservationId,
    #[sqlx(rename = "product_id")]
    product: ProductId,
    #[sqlx(rename = "reserved_delta")]
    units: i64,
}

impl LineOf {
    pub(crate) const fn line(self) -> Line {
        Line { product: self.product, units: self.units }
    }
}

/// The lines of each of these reservations, in product order.
pub(crate) async fn lines_of(db: &Db, ids: &[ReservationId]) -> Result<Vec<LineOf>, DbError> {
    let sql = format!(
        "select reservation_id, product_id, reserved_delta
         from stock_movement
         where reservation_id in ({}) and kind = 'reserved'
         order by product_id",
        placeholders(1, ids.len())
    );
    db.query(AssertSqlSafe(sql)).bind_list(ids).fetch_all().await
}

/// Held reservations whose time has passed, the oldest first.
pub(crate) async fn due(
    db: &Db,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ReservationId>, DbError> {
    let sql = "select reservation_id
               from reservation
               where status = 'held' and expires_at <= $1
               order by expires_at
               limit $2";
    let due: Vec<(ReservationId,)> = db.query(sql).bind(now).bind(limit).fetch_all().await?;
    Ok(due.into_iter().map(|(id,)| id).collect())
}

/// `false` when the id is known already.
pub(crate) async fn insert(tx: &mut Tx, new: &Reservation) -> Result<bool, DbError> {
    let inserted = tx
        .query(
            "insert into reservation
                 (reservation_id, status, request, expires_at, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $5)
             on conflict (reservation_id) do nothing",
        )
        .bind(new.id)
        .bind(new.status.word())
        .bind(new.request.as_str())
        .bind(new.expires_at)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// The reservation, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: ReservationId) -> Result<Option<Reservation>, DbError> {
    let sql =
        format!("select {COLUMNS} from reservation where reservation_id = $1{}", tx.for_update());
    tx.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await
}

/// Its lines, in product order.
pub(crate) async fn lines(tx: &mut Tx, id: ReservationId) -> Result<Vec<Line>, DbError> {
    tx.query(
        "select product_id, reserved_delta
         from stock_movement
         where reservation_id = $1 and kind = 'reserved'
         order by product_id",
    )
    .bind(id)
    .fetch_all()
    .await
}

/// Moves a reservation on; `false` when it no longer stands at `from`.
pub(crate) async fn set_status(
    tx: &mut Tx,
    id: ReservationId,
    (from, to): (ReservationStatus, ReservationStatus),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changed = tx
        .query(
            "update reservation set status = $3, updated_at = $4
             where reservation_id = $1 and status = $2",
        )
        .bind(id)
        .bind(from.word())
        .bind(to.word())
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}
