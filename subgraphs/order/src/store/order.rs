//! Statements about orders.

use crate::domain::{Order, OrderStatus};
use chassis::Db;
use chassis::db::{DbError, Order as Sorted, Select, Tx};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::{Money, OrderId, UserId};
use uuid::Uuid;

const COLUMNS: &str =
    "order_id, user_id, status, total, shipping_address, reservation_id, created_at, updated_at";
const NEWEST: Sorted = Sorted { columns: &["order_id"], descending: true };

/// Which orders a list holds; every condition that is given must be met.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) user_id: Option<UserId>,
    pub(crate) status: Option<OrderStatus>,
}

impl Filter {
    fn select(self) -> Select {
        let mut select = Select::new(COLUMNS, "orders");
        if let Some(user) = self.user_id {
            select = select.and("user_id = ?", i64::from(user));
        }
        if let Some(status) = self.status {
            select = select.and("status = ?", status.to_string());
        }
        select
    }
}

pub(crate) async fn by_ids(db: &Db, ids: &[OrderId]) -> Result<Vec<Order>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "orders").and_in("order_id", &ids).all(db).await
}

pub(crate) async fn page(db: &Db, filter: Filter, page: &Page<i64>) -> Result<Vec<Order>, DbError> {
    filter.select().page(db, NEWEST, page).await
}

pub(crate) async fn count(db: &Db, filter: Filter) -> Result<i64, DbError> {
    filter.select().count(db).await
}

pub(crate) async fn page_of_users(
    db: &Db,
    users: &[i64],
    page: &Page<i64>,
) -> Result<Vec<Order>, DbError> {
    Select::new(COLUMNS, "orders").page_of_each(db, ("user_id", users), (NEWEST, page)).await
}

pub(crate) async fn count_of_users(db: &Db, users: &[i64]) -> Result<Vec<(i64, i64)>, DbError> {
    Select::new(COLUMNS, "orders").count_of_each(db, ("user_id", users)).await
}

/// The order that an attempt became.
pub(crate) async fn by_reservation(db: &Db, reservation: Uuid) -> Result<Option<Order>, DbError> {
    db.query(
        "select order_id, user_id, status, total, shipping_address, reservation_id,
                created_at, updated_at
         from orders where reservation_id = $1",
    )
    .bind(reservation)
    .fetch_optional()
    .await
}

/// The order, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: OrderId) -> Result<Option<Order>, DbError> {
    let sql = format!("select {COLUMNS} from orders where order_id = $1{}", tx.for_update());
    tx.query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional().await
}

/// An order that is about to be stored, as pending.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    pub(crate) user_id: UserId,
    pub(crate) total: Money,
    pub(crate) shipping_address: String,
    pub(crate) reservation_id: Uuid,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    new: &NewOrder,
    now: DateTime<Utc>,
) -> Result<Order, DbError> {
    tx.query(
        "insert into orders (user_id, status, total, shipping_address, reservation_id,
                             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)
         returning order_id, user_id, status, total, shipping_address, reservation_id,
                   created_at, updated_at",
    )
    .bind(new.user_id)
    .bind(OrderStatus::Pending)
    .bind(new.total)
    .bind(new.shipping_address.as_str())
    .bind(new.reservation_id)
    .bind(now)
    .fetch_one()
    .await
}

/// Moves an order that still is `from`; `false` when somebody else moved it first.
pub(crate) async fn set_status(
    tx: &mut Tx,
    id: OrderId,
    from: OrderStatus,
    to: OrderStatus,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changed = tx
        .query("update orders set status = $3, updated_at = $4 where order_id = $1 and status = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// `None` when there is no such order.
pub(crate) async fn set_shipping_address(
    tx: &mut Tx,
    id: OrderId,
    shipping_address: &str,
    now: DateTime<Utc>,
) -> Result<Option<Order>, DbError> {
    tx.query(
        "update orders set shipping_address = $2, updated_at = $3 where order_id = $1
         returning order_id, user_id, status, total, shipping_address, reservation_id,
                   created_at, updated_at",
    )
    .bind(id)
    .bind(shipping_address)
    .bind(now)
    .fetch_optional()
    .await
}

/// Deletes the order with its lines and events.
pub(crate) async fn delete(tx: &mut Tx, id: OrderId) -> Result<bool, DbError> {
    let deleted = tx.query("delete from orders where order_id = $1").bind(id).execute().await?;
    Ok(deleted == 1)
}
