//! Statements of the audit: what attempts and orders say about their reservations, and totals.

use crate::domain::{OrderStatus, PlacementStatus};
use chassis::Db;
use chassis::db::{DbError, Snapshot, Tx};
use commerce::OrderId;
use futures::stream::BoxStream;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// An attempt, the order that it became, and what the inventory has yet to be told of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Claimed {
    pub(crate) reservation_id: Uuid,
    pub(crate) placement: Option<PlacementStatus>,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) status: Option<OrderStatus>,
    /// Of all lines of the order.
    pub(crate) units: Option<i64>,
    pub(crate) release_waits: bool,
    pub(crate) fulfil_waits: bool,
}

/// An order's total, and the sum of its lines.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(crate) struct Summed {
    pub(crate) order_id: OrderId,
    pub(crate) total: i64,
    pub(crate) lines: i64,
}

/// An order whose idempotency key an earlier order has.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Repeated {
    pub(crate) order_id: OrderId,
    pub(crate) reservation_id: Uuid,
    pub(crate) user_id: i64,
    pub(crate) idempotency_key: String,
    pub(crate) first_order: OrderId,
}

/// An order whose attempt is missing.
const IS_ORPHAN: &str = "not exists (select 1 from placement
                                     where placement.reservation_id = orders.reservation_id)";

/// Everything that is said of the reservations of the table `of`, whose attempts have the status
/// `placement`; `rest` names the tables.
fn claimed(of: &str, placement: &str, rest: &str) -> String {
    let waits = |kind: &str| {
        format!(
            "exists (select 1 from effect
                     where effect.reservation_id = {of}.reservation_id
                       and effect.kind = '{kind}') as {kind}_waits"
        )
    };
    format!(
        "select {of}.reservation_id, {placement} as placement, orders.order_id, orders.status,
                case when orders.order_id is not null then coalesce(
                    (select cast(sum(quantity) as bigint) from order_line
                     where order_line.order_id = orders.order_id), 0) end as units,
                {}, {}
         {rest}",
        waits("release"),
        waits("fulfil"),
    )
}

/// Every attempt, in the order of the reservations' ids, and every order that has none: SQLite keeps
/// foreign keys only where a connection asks for it, and a tool does not. Both halves are read along
/// their indexes and merged.
pub(crate) fn all_claimed(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Claimed, DbError>> {
    let attempts = claimed(
        "placement",
        "placement.status",
        "from placement left join orders on orders.reservation_id = placement.reservation_id",
    );
    let orphans = claimed("orders", "null", &format!("from orders where {IS_ORPHAN}"));
    let sql = format!("{attempts} union all {orphans} order by 1");
    snapshot.query(AssertSqlSafe(sql)).fetch()
}

/// What is known of one reservation, also when there was no attempt with its id.
fn one() -> AssertSqlSafe<String> {
    AssertSqlSafe(claimed(
        "wanted",
        "placement.status",
        "from (select $1 as reservation_id) as wanted
         left join placement on placement.reservation_id = $1
         left join orders on orders.reservation_id = $1",
    ))
}

pub(crate) async fn one_claimed(db: &Db, id: Uuid) -> Result<Claimed, DbError> {
    db.query(one()).bind(id).fetch_one().await
}

/// As [`one_claimed`]; attempt and order are locked until the transaction ends.
pub(crate) async fn lock_claimed(tx: &mut Tx, id: Uuid) -> Result<Claimed, DbError> {
    // The order first, as those do that move it.
    for table in ["orders", "placement"] {
        let sql = format!(
            "select reservation_id from {table} where reservation_id = $1{}",
            tx.for_update()
        );
        tx.query(AssertSqlSafe(sql)).bind(id).fetch_optional::<(Uuid,)>().await?;
    }
    tx.query(one()).bind(id).fetch_one().await
}

/// Whether an order has no attempt.
pub(crate) async fn has_orphans(db: &Db) -> Result<bool, DbError> {
    let sql = format!("select count(*) from orders where {IS_ORPHAN}");
    let (orphans,): (i64,) = db.query(AssertSqlSafe(sql)).fetch_one().await?;
    Ok(orphans > 0)
}

/// Every order's total beside the sum of its lines, in the order of their ids.
pub(crate) fn all_summed(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Summed, DbError>> {
    let sql = "select orders.order_id, orders.total,
                      coalesce(cast(sum(quantity * unit_price) as bigint), 0) as lines
               from orders left join order_line on order_line.order_id = orders.order_id
               group by orders.order_id
               order by orders.order_id";
    snapshot.query(sql).fetch()
}

/// Orders whose key an earlier order of the same user has.
pub(crate) fn repeated_keys(snapshot: &mut Snapshot) -> BoxStream<'_, Result<Repeated, DbError>> {
    let sql = "select order_id, reservation_id, user_id, idempotency_key, first_order
               from (select orders.order_id, placement.reservation_id, placement.user_id,
                            placement.idempotency_key,
                            min(orders.order_id) over (
                                partition by placement.user_id, placement.idempotency_key
                            ) as first_order
                     from placement
                     join orders on orders.reservation_id = placement.reservation_id
                     where placement.idempotency_key is not null) as keyed
               where first_order < order_id
               order by order_id";
    snapshot.query(sql).fetch()
}

/// An order's total and the sum of its lines; the order is locked until the transaction ends.
pub(crate) async fn lock_summed(tx: &mut Tx, id: OrderId) -> Result<Option<Summed>, DbError> {
    let sql = format!(
        "select order_id, total,
                coalesce((select cast(sum(quantity * unit_price) as bigint) from order_line
                          where order_line.order_id = $1), 0) as lines
         from orders where order_id = $1{}",
        tx.for_update()
    );
    tx.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await
}

pub(crate) async fn set_total(tx: &mut Tx, id: OrderId, total: i64) -> Result<(), DbError> {
    let sql = "update orders set total = $2 where order_id = $1";
    tx.query(sql).bind(id).bind(total).execute().await?;
    Ok(())
}

/// Takes the key from the attempt, which stays.
pub(crate) async fn forget_key(tx: &mut Tx, reservation: Uuid) -> Result<bool, DbError> {
    let sql = "update placement set idempotency_key = null
               where reservation_id = $1 and idempotency_key is not null";
    Ok(tx.query(sql).bind(reservation).execute().await? == 1)
}

/// Says of an attempt that it became an order. One that was aborted loses its key, which another
/// attempt may have taken since.
pub(crate) async fn mark_placed(tx: &mut Tx, reservation: Uuid) -> Result<bool, DbError> {
    let sql = "update placement
               set status = 'placed',
                   idempotency_key = case status when 'aborted' then null else idempotency_key end
               where reservation_id = $1 and status <> 'placed'";
    Ok(tx.query(sql).bind(reservation).execute().await? == 1)
}

/// How many attempts and orders there are.
pub(crate) async fn row_counts(snapshot: &mut Snapshot) -> Result<(i64, i64), DbError> {
    let sql = "select (select count(*) from placement) as placements,
                      (select count(*) from orders) as orders";
    snapshot.query(sql).fetch_one().await
}
