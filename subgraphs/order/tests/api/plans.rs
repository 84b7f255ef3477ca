//! Every statement costs what its answer costs, whatever the size of the shop.

use crate::door::Door;
use crate::shop::{Shop, data};
use async_graphql::Request;
use chassis::db::Location;
use chrono::TimeDelta;
use commerce::MockClock;
use futures::StreamExt;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, plans, wait_until};

const DEADLINE: Duration = Duration::from_secs(30);

/// Parts of statements that sort or filter more rows than they answer with, and why that is bounded.
const ALLOWED: &[(&str, &str)] = &[
    (
        "from effect\n         where (due_at <= $1",
        "reads the effects that are due, of a table that \
      is empty as a rule",
    ),
    (
        "from placement\n         where status = 'started'",
        "reads the attempts in progress, of which \
      there are at most 1,024 per process",
    ),
];

both_databases! {
    async fn no_statement_reads_more_than_it_answers_with(location: Location) {
        let clock = MockClock::at("2026-03-01T12:00:00Z".parse().unwrap());
        let mut door = Door::shut().await;
        let mut shop = Shop::with(&location, Arc::new(clock.clone()), |_| door.peer()).await;
        shop.fill(&["1.00", "2.00"], 50).await;
        door.open(&shop.inventory).await;
        let db = shop.databases[3].clone();
        db.record();
        for key in [Some("k"), Some("k"), None, None, None] {
            shop.place(&[(1, 1), (2, 1)], key).await;
        }
        shop.place(&[(1, 1000)], Some("too many")).await;
        let mut changes = shop.order.subscribe(Request::new(
            "subscription { orderStatusChanged(id: 1) { status } }"));
        let watching = tokio::spawn(async move { changes.next().await });
        wait_until(DEADLINE, async || {
            db.recorded().iter().any(|it| it.sql.contains("order_event_id > $2"))
        })
        .await;
        shop.change("cancelOrder(id: 1)").await;
        watching.await.unwrap();
        shop.change("transitionOrder(id: 2, to: SHIPPED)").await;
        shop.change("updateOrder(id: 2, input: { shippingAddress: \"2 Main St\" })").await;
        shop.change("updateOrder(id: 3, input: { status: CANCELLED, shippingAddress: \"x\" })").await;
        door.close().await;
        shop.change("cancelOrder(id: 4)").await;
        door.open(&shop.inventory).await;
        data(&shop.order, "mutation { deleteOrder(id: 4) { deletedOrderId } }", json!({})).await;

        for filter in [
            json!({}),
            json!({ "userId": "1" }),
            json!({ "status": "SHIPPED" }),
            json!({ "userId": "1", "status": "PENDING" }),
        ] {
            let list = "query($filter: OrderFilter, $after: String) {
                orders(filter: $filter, first: 1, after: $after) {
                    totalCount pageInfo { endCursor } nodes { lines { id } events { status }
                        user { orders(first: 1) { totalCount nodes { id } } } } } order(id: 2) { id } }";
            let first = data(&shop.order, list, json!({ "filter": filter })).await;
            let after = &first["orders"]["pageInfo"]["endCursor"];
            data(&shop.order, list, json!({ "filter": filter, "after": after })).await;
        }
        let entities = "query($of: [_Any!]!) { _entities(representations: $of) {
            ... on User { orders(first: 1, after: null) { totalCount nodes { id } } } } }";
        let user = |id: &str| json!({ "__typename": "User", "id": id });
        data(&shop.order, entities, json!({ "of": [user("1"), user("2")] })).await;

        clock.advance(TimeDelta::hours(25));
        let (stopping, work) = shop.work();
        wait_until(DEADLINE, async || {
            let sent = db.recorded();
            ["delete from placement", "from effect\n         where (", "where status = 'started'"]
                .iter()
                .all(|part| sent.iter().any(|it| it.sql.contains(part)))
        })
        .await;
        stopping.cancel();
        work.await.unwrap();

        let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
        // The audit reads everything, on purpose. Filling a shop only inserts, and `verify` tests it.
        plans::check(&db, &store, (ALLOWED, &["audit.rs", "bulk.rs"])).await;
    }
}
