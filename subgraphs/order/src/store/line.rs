//! Statements about order lines.

use crate::domain::{NewLine, OrderLine};
use chassis::Db;
use chassis::db::{DbError, Select, Tx, rows};
use commerce::OrderId;
use sqlx::AssertSqlSafe;

pub(crate) async fn of_orders(db: &Db, orders: &[OrderId]) -> Result<Vec<OrderLine>, DbError> {
    let orders: Vec<i64> = orders.iter().map(|id| i64::from(*id)).collect();
    let columns = "order_line_id, order_id, product_id, product_name, quantity, unit_price";
    Select::new(columns, "order_line").and_in("order_id", &orders).all(db).await
}

/// All lines of one order, in one statement. Answers them as they are stored.
pub(crate) async fn insert(
    tx: &mut Tx,
    order: OrderId,
    lines: &[NewLine],
) -> Result<Vec<OrderLine>, DbError> {
    let sql = format!(
        "insert into order_line (order_id, product_id, product_name, quantity, unit_price)
         values {}
         returning order_line_id, order_id, product_id, product_name, quantity, unit_price",
        rows(1, lines.len(), 5)
    );
    let query = lines.iter().fold(tx.query(AssertSqlSafe(sql)), |query, line| {
        query
            .bind(order)
            .bind(line.product_id)
            .bind(line.product_name.as_str())
            .bind(line.quantity)
            .bind(line.unit_price)
    });
    let mut lines: Vec<OrderLine> = query.fetch_all().await?;
    // No engine promises the order of what it returns.
    lines.sort_unstable_by_key(|line| line.id);
    Ok(lines)
}
