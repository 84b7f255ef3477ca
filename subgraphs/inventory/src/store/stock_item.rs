//! Statements about stock items. Their counters change in `ledger.rs` only.

use crate::domain::StockItem;
use chassis::Db;
use chassis::db::{DbError, Order, Select, Tx, placeholders};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::{ProductId, StockItemId};
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "stock_item_id, product_id, on_hand, reserved, updated_at";
const OLDEST: Order = Order { columns: &["stock_item_id"], descending: false };

pub(crate) async fn by_ids(db: &Db, ids: &[StockItemId]) -> Result<Vec<StockItem>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "stock_item").and_in("stock_item_id", &ids).all(db).await
}

pub(crate) async fn by_products(
    db: &Db,
    products: &[ProductId],
) -> Result<Vec<StockItem>, DbError> {
    of_products(Some(products)).all(db).await
}

/// Only the stock of `products`, where they are given.
pub(crate) async fn page(
    db: &Db,
    products: Option<&[ProductId]>,
    page: &Page<i64>,
) -> Result<Vec<StockItem>, DbError> {
    of_products(products).page(db, OLDEST, page).await
}

pub(crate) async fn count(db: &Db, products: Option<&[ProductId]>) -> Result<i64, DbError> {
    of_products(products).count(db).await
}

fn of_products(products: Option<&[ProductId]>) -> Select {
    let select = Select::new(COLUMNS, "stock_item");
    let Some(products) = products else { return select };
    let products: Vec<i64> = products.iter().map(|id| i64::from(*id)).collect();
    select.and_in("product_id", &products)
}

/// The stock of `products` that have any, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, products: &[ProductId]) -> Result<Vec<StockItem>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    // In product order: two writes with the same products cannot wait for each other.
    let sql = format!(
        "select {COLUMNS} from stock_item where product_id in ({}) order by product_id{}",
        placeholders(1, products.len()),
        tx.for_update()
    );
    tx.query(AssertSqlSafe(sql)).bind_list(products).fetch_all().await
}

/// The stock item with this id, locked until the transaction ends.
pub(crate) async fn lock_by_id(tx: &mut Tx, id: StockItemId) -> Result<Option<StockItem>, DbError> {
    let sql =
        format!("select {COLUMNS} from stock_item where stock_item_id = $1{}", tx.for_update());
    tx.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await
}

/// The product's stock, locked until the transaction ends; created without units if need be.
pub(crate) async fn lock_or_create(
    tx: &mut Tx,
    product: ProductId,
    now: DateTime<Utc>,
) -> Result<StockItem, DbError> {
    if let Some(item) = lock(tx, &[product]).await?.pop() {
        return Ok(item);
    }
    // Somebody else may create it meanwhile: then this waits for them and takes theirs.
    tx.query(
        "insert into stock_item (product_id, on_hand, reserved, updated_at)
         values ($1, 0, 0, $2)
         on conflict (product_id) do update set updated_at = excluded.updated_at
         returning stock_item_id, product_id, on_hand, reserved, updated_at",
    )
    .bind(product)
    .bind(now)
    .fetch_one()
    .await
}

/// The stock of `products`, locked until the transaction ends; created without units where it is
/// missing. `products` is in ascending order.
pub(crate) async fn lock_or_create_all(
    tx: &mut Tx,
    products: &[ProductId],
    now: DateTime<Utc>,
) -> Result<Vec<StockItem>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "insert into stock_item (product_id, on_hand, reserved, updated_at) values {}
         on conflict (product_id) do update set updated_at = excluded.updated_at
         returning {COLUMNS}",
        fixed_rows(products.len())
    );
    let query = tx.query(AssertSqlSafe(sql)).bind(now);
    products.iter().fold(query, |query, product| query.bind(*product)).fetch_all().await
}

/// `($2, 0, 0, $1), ($3, 0, 0, $1), …`
fn fixed_rows(count: usize) -> String {
    (2..count + 2).map(|n| format!("(${n}, 0, 0, $1)")).collect::<Vec<_>>().join(", ")
}

/// Deletes the stock items of `products` that have no units.
pub(crate) async fn delete_empty(tx: &mut Tx, products: &[ProductId]) -> Result<(), DbError> {
    if products.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "delete from stock_item where on_hand = 0 and reserved = 0 and product_id in ({})",
        placeholders(1, products.len())
    );
    tx.query(AssertSqlSafe(sql)).bind_list(products).execute().await?;
    Ok(())
}

/// Deletes a stock item that has no units; `false` when it has some or is gone.
pub(crate) async fn delete(tx: &mut Tx, id: StockItemId) -> Result<bool, DbError> {
    let sql = "delete from stock_item where stock_item_id = $1 and on_hand = 0 and reserved = 0";
    Ok(tx.query(sql).bind(id).execute().await? == 1)
}
