//! Every statement costs what its answer costs, whatever the size of the shop.

use crate::warehouse::{Warehouse, id, line_inputs};
use chassis::db::Location;
use chrono::TimeDelta;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, plans, wait_until};
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(30);

/// Parts of statements that sort or filter more rows than they answer with, and why that is bounded.
const ALLOWED: &[(&str, &str)] = &[
    ("product_id in (", "sorts the rows of at most 100 products"),
    ("from entry\n         order by product", "sorts the lines of the statement, at most 100"),
    ("and kind = 'reserved'\n         order by product_id", "sorts at most 100 lines"),
];

both_databases! {
    async fn no_statement_reads_more_than_it_answers_with(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.db.record();
        for product in 1..=3 {
            warehouse.stock(product, 5).await;
        }
        for _ in 0..2 {
            let adjusted = json!({ "productId": "1", "delta": 1, "idempotencyKey": "k" });
            warehouse.adjust(adjusted).await;
        }
        warehouse.reserve(&id(1), &[(1, 1), (2, 1)]).await;
        warehouse.reserve(&id(2), &[(1, 1)]).await;
        let expiring = json!({ "id": id(3), "lines": line_inputs(&[(1, 1)]),
            "expiresAt": "2026-03-01T12:01:00Z" });
        warehouse.reserve_with(expiring).await;
        warehouse.release(&id(1)).await;
        warehouse.fulfil(&id(2)).await;
        let list = "query($reservation: ID!, $after: String, $products: [ID!]) {
            stockItems(first: 1, after: $after, productIds: $products) {
                totalCount pageInfo { endCursor } nodes { movements(first: 1) { totalCount
                    pageInfo { endCursor } nodes { kind } } } }
            stockItem(id: 1) { movements(last: 1) { nodes { kind } } }
            reservation(id: $reservation) { status lines { quantity } } }";
        let first = warehouse.data(list, json!({ "reservation": id(1) })).await;
        let after = &first["stockItems"]["pageInfo"]["endCursor"];
        let next = json!({ "reservation": id(1), "after": after, "products": ["1", "2"] });
        warehouse.data(list, next).await;
        let entities = "query($of: [_Any!]!) { _entities(representations: $of) {
            ... on Product { availableQuantity } } }";
        let product = |id: &str| json!({ "__typename": "Product", "id": id });
        let of = json!({ "of": [product("1"), product("2")] });
        warehouse.data(entities, of).await;
        let deleted = "mutation { setStock(input: { productId: 3, onHand: 0 }) {
            userErrors { code } } deleteStockItem(id: 3) { userErrors { code } }
            endStock(productIds: [2]) { userErrors { code } } }";
        warehouse.data(deleted, json!({})).await;
        warehouse.clock.advance(TimeDelta::hours(25));
        let stopping = CancellationToken::new();
        let clock = Arc::new(warehouse.clock.clone());
        let workers = inventory::workers(warehouse.db.clone(), clock, stopping.clone());
        let working = tokio::spawn(workers);
        let has_sent = |part: &str| warehouse.db.recorded().iter().any(|it| it.sql.contains(part));
        wait_until(DEADLINE, async || {
            has_sent("delete from adjustment_key") && has_sent("order by expires_at")
        })
        .await;
        stopping.cancel();
        working.await.unwrap();

        let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
        // The audit reads everything, on purpose. Filling a shop only inserts, and `verify` tests it.
        plans::check(&warehouse.db, &store, (ALLOWED, &["audit.rs", "bulk.rs"])).await;
    }
}
