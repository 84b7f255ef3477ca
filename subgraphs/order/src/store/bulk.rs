//! Statements that write many placements and orders.

use super::order::NewOrder;
use super::placement::NewPlacement;
use crate::domain::{NewLine, OrderStatus, PlacementStatus};
use chassis::db::{BULK_ROWS, DbError, Tx, placeholders, rows};
use chrono::{DateTime, Utc};
use commerce::OrderId;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// An order with a history.
pub(crate) struct Row {
    pub(crate) new: NewOrder,
    pub(crate) status: OrderStatus,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

pub(crate) async fn insert_placements(
    tx: &mut Tx,
    placements: &[NewPlacement],
) -> Result<(), DbError> {
    for placements in placements.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into placement (reservation_id, user_id, request_hash, status, instance_id,
                                    attended_until, created_at)
             values {}",
            rows(1, placements.len(), 7)
        );
        let query = placements.iter().fold(tx.query(AssertSqlSafe(sql)), |query, new| {
            query
                .bind(new.reservation_id)
                .bind(new.user_id)
                .bind(new.request_hash.as_str())
                .bind(PlacementStatus::Started)
                .bind(new.instance_id)
                .bind(new.attended_until)
                .bind(new.created_at)
        });
        query.execute().await?;
    }
    Ok(())
}

/// Ends started placements; `false` when one of them has ended already.
pub(crate) async fn end_placements(tx: &mut Tx, ids: &[Uuid]) -> Result<bool, DbError> {
    for ids in ids.chunks(BULK_ROWS) {
        let sql = format!(
            "update placement set status = 'placed'
             where status = 'started' and reservation_id in ({})",
            placeholders(1, ids.len())
        );
        let ended = tx.query(AssertSqlSafe(sql)).bind_list(ids).execute().await?;
        if usize::try_from(ended).ok() != Some(ids.len()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the ids in the order of `orders`.
pub(crate) async fn insert_orders(tx: &mut Tx, orders: &[Row]) -> Result<Vec<OrderId>, DbError> {
    let mut ids: Vec<(OrderId,)> = Vec::with_capacity(orders.len());
    for orders in orders.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into orders (user_id, status, total, shipping_address, reservation_id,
                                 created_at, updated_at)
             values {} returning order_id",
            rows(1, orders.len(), 7)
        );
        let query = orders.iter().fold(tx.query(AssertSqlSafe(sql)), |query, order| {
            query
                .bind(order.new.user_id)
                .bind(order.status)
                .bind(order.new.total)
                .bind(order.new.shipping_address.as_str())
                .bind(order.new.reservation_id)
                .bind(order.placed_at)
                .bind(order.updated_at)
        });
        ids.extend(query.fetch_all::<(OrderId,)>().await?);
    }
    // The ids ascend with the rows, but the rows may be returned in any order.
    ids.sort_unstable();
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn insert_lines(tx: &mut Tx, lines: &[(OrderId, NewLine)]) -> Result<(), DbError> {
    for lines in lines.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into order_line (order_id, product_id, product_name, quantity, unit_price)
             values {}",
            rows(1, lines.len(), 5)
        );
        let query = lines.iter().fold(tx.query(AssertSqlSafe(sql)), |query, (order, line)| {
            query
                .bind(*order)
                .bind(line.product_id)
                .bind(line.product_name.as_str())
                .bind(line.quantity)
                .bind(line.unit_price)
        });
        query.execute().await?;
    }
    Ok(())
}

pub(crate) async fn insert_events(
    tx: &mut Tx,
    events: &[(OrderId, OrderStatus, DateTime<Utc>)],
) -> Result<(), DbError> {
    for events in events.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into order_event (order_id, status, created_at) values {}",
            rows(1, events.len(), 3)
        );
        let query = events.iter().fold(tx.query(AssertSqlSafe(sql)), |query, event| {
            let (order, status, at) = *event;
            query.bind(order).bind(status).bind(at)
        });
        query.execute().await?;
    }
    Ok(())
}
