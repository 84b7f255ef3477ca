//! Statements that write many stock items, reservations and movements. Counters change in
//! `ledger.rs`, which calls this for the movements.

use super::ledger::Movement;
use crate::domain::Reservation;
use chassis::db::{BULK_ROWS, DbError, Tx, rows};
use chrono::{DateTime, Utc};
use commerce::ProductId;
use sqlx::AssertSqlSafe;

/// Creates stock items without units; fails when a product has one.
pub(crate) async fn insert_stock_items(
    tx: &mut Tx,
    products: &[ProductId],
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    for products in products.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into stock_item (product_id, on_hand, reserved, updated_at) values {}",
            rows(1, products.len(), 4)
        );
        let query = products.iter().fold(tx.query(AssertSqlSafe(sql)), |query, product| {
            query.bind(*product).bind(0_i64).bind(0_i64).bind(at)
        });
        query.execute().await?;
    }
    Ok(())
}

/// Each with the time of its last change.
pub(crate) async fn insert_reservations(
    tx: &mut Tx,
    reservations: &[(Reservation, DateTime<Utc>)],
) -> Result<(), DbError> {
    for reservations in reservations.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into reservation
                 (reservation_id, status, request, expires_at, created_at, updated_at)
             values {}",
            rows(1, reservations.len(), 6)
        );
        let query = tx.query(AssertSqlSafe(sql));
        let query = reservations.iter().fold(query, |query, (reservation, updated_at)| {
            query
                .bind(reservation.id)
                .bind(reservation.status.word())
                .bind(reservation.request.as_str())
                .bind(reservation.expires_at)
                .bind(reservation.created_at)
                .bind(*updated_at)
        });
        query.execute().await?;
    }
    Ok(())
}

/// Writes movements whose counters the caller changes in the same transaction.
pub(super) async fn insert_movements(tx: &mut Tx, movements: &[Movement]) -> Result<(), DbError> {
    let sql = format!(
        "insert into stock_movement
             (product_id, kind, on_hand_delta, reserved_delta, reservation_id, created_at)
         values {}",
        rows(1, movements.len(), 6)
    );
    let query = movements.iter().fold(tx.query(AssertSqlSafe(sql)), |query, movement| {
        query
            .bind(movement.entry.product)
            .bind(movement.kind.word())
            .bind(movement.entry.on_hand_delta)
            .bind(movement.entry.reserved_delta)
            .bind(movement.reservation)
            .bind(movement.at)
    });
    query.execute().await?;
    Ok(())
}
