//! Statements about the events of orders.

use crate::domain::{OrderEvent, OrderStatus};
use chassis::Db;
use chassis::db::{DbError, Select, Tx};
use chrono::{DateTime, Utc};
use commerce::OrderId;

const COLUMNS: &str = "order_event_id, order_id, status, created_at";

pub(crate) async fn of_orders(db: &Db, orders: &[OrderId]) -> Result<Vec<OrderEvent>, DbError> {
    let orders: Vec<i64> = orders.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "order_event").and_in("order_id", &orders).all(db).await
}

/// The order's events behind `after`, oldest first. An order has few: its life cycle is short.
pub(crate) async fn since(db: &Db, order: OrderId, after: i64) -> Result<Vec<OrderEvent>, DbError> {
    db.query(
        "select order_event_id, order_id, status, created_at from order_event
         where order_id = $1 and order_event_id > $2 order by order_event_id",
    )
    .bind(order)
    .bind(after)
    .fetch_all()
    .await
}

pub(crate) async fn append(
    tx: &mut Tx,
    order: OrderId,
    status: OrderStatus,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.query("insert into order_event (order_id, status, created_at) values ($1, $2, $3)")
        .bind(order)
        .bind(status)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}
