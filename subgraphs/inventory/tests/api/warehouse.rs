//! A subgraph over a fresh database, and the few operations that most scenarios need.

use async_graphql::{Request, Variables};
use chassis::db::{Access, Location};
use chassis::{Db, Subgraph};
use chrono::{DateTime, Utc};
use commerce::MockClock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use testing::wait_for;

/// How long a crowd may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(240);

const SET: &str = "mutation($input: SetStockInput!) {
    setStock(input: $input) {
        stockItem { id onHand reserved available }
        userErrors { code field message }
    }
}";
const ADJUST: &str = "mutation($input: AdjustStockInput!) {
    adjustStock(input: $input) {
        stockItem { id onHand reserved available }
        userErrors { code field message }
    }
}";
const RESERVE: &str = "mutation($input: ReserveStockInput!) {
    reserveStock(input: $input) {
        reservation { id status lines { product { id } quantity } }
        userErrors { code field message }
    }
}";
const RELEASE: &str = "mutation($id: ID!) {
    releaseReservation(id: $id) { reservation { id status } userErrors { code field message } }
}";
const FULFIL: &str = "mutation($id: ID!) {
    fulfilReservation(id: $id) { reservation { id status } userErrors { code field message } }
}";

pub(crate) struct Warehouse {
    pub(crate) subgraph: Subgraph,
    pub(crate) clock: MockClock,
    /// The subgraph's own database, for counting its statements.
    pub(crate) db: Db,
    /// The same database through other connections, as another node has it.
    pub(crate) other: Db,
}

/// A reservation id.
pub(crate) fn id(number: usize) -> String {
    format!("019a4b6e-3c00-7000-8000-{number:012x}")
}

/// The codes of a payload's user errors.
pub(crate) fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().unwrap();
    errors.iter().map(|error| error["code"].as_str().unwrap()).collect()
}

/// The status of a payload's reservation.
pub(crate) fn status(payload: &Value) -> &str {
    payload["reservation"]["status"].as_str().unwrap_or_else(|| panic!("{payload}"))
}

impl Warehouse {
    pub(crate) async fn open(location: &Location) -> Self {
        let db = location.open(inventory::NAME).await.unwrap();
        db.migrate(&inventory::MIGRATIONS).await.unwrap();
        let (name, access) = (inventory::NAME, Access::ReadWrite);
        let other = location.open_existing(name, &inventory::MIGRATIONS, access).await.unwrap();
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let clock = MockClock::at(now);
        let subgraph = inventory::subgraph(db.clone(), Arc::new(clock.clone()));
        Self { subgraph, clock, db, other }
    }

    /// The whole response.
    pub(crate) async fn response(&self, text: &str, variables: Value) -> Value {
        let request = Request::new(text).variables(Variables::from_json(variables));
        serde_json::to_value(self.subgraph.execute(request).await).unwrap()
    }

    /// The data of an operation that has no errors.
    pub(crate) async fn data(&self, text: &str, variables: Value) -> Value {
        let mut response = self.response(text, variables).await;
        assert!(response.get("errors").is_none(), "{response}");
        response["data"].take()
    }

    /// As `data`, for what may be said twice: who is told to try again does.
    async fn at_last(&self, text: &str, variables: Value) -> Value {
        let decided = || async {
            let answer = self.response(text, variables.clone()).await;
            (answer["errors"][0]["extensions"]["code"] != "UNAVAILABLE").then_some(answer)
        };
        let mut answer = wait_for(DEADLINE, decided).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].take()
    }

    pub(crate) async fn set(&self, input: Value) -> Value {
        self.data(SET, json!({ "input": input })).await["setStock"].take()
    }

    pub(crate) async fn adjust(&self, input: Value) -> Value {
        self.data(ADJUST, json!({ "input": input })).await["adjustStock"].take()
    }

    pub(crate) async fn reserve_with(&self, input: Value) -> Value {
        self.at_last(RESERVE, json!({ "input": input })).await["reserveStock"].take()
    }

    /// Reserves lines of product and quantity.
    pub(crate) async fn reserve(&self, id: &str, lines: &[(i64, i64)]) -> Value {
        self.reserve_with(json!({ "id": id, "lines": line_inputs(lines) })).await
    }

    pub(crate) async fn release(&self, id: &str) -> Value {
        self.at_last(RELEASE, json!({ "id": id })).await["releaseReservation"].take()
    }

    pub(crate) async fn fulfil(&self, id: &str) -> Value {
        self.at_last(FULFIL, json!({ "id": id })).await["fulfilReservation"].take()
    }

    /// Puts units on hand; there is no other way to begin.
    pub(crate) async fn stock(&self, product: i64, on_hand: i64) {
        let set = self.set(json!({ "productId": product.to_string(), "onHand": on_hand })).await;
        assert!(codes(&set).is_empty(), "{set}");
    }

    /// On hand and reserved, read by the other node. A product without stock item has neither.
    pub(crate) async fn counters(&self, product: i64) -> (i64, i64) {
        let sql = "select on_hand, reserved from stock_item where product_id = $1";
        let counters = self.other.query(sql).bind(product).fetch_optional().await.unwrap();
        counters.unwrap_or_default()
    }

    /// The kinds of the product's movements, oldest first.
    pub(crate) async fn movements(&self, product: i64) -> Vec<String> {
        let sql =
            "select kind from stock_movement where product_id = $1 order by stock_movement_id";
        let kinds: Vec<(String,)> = self.other.query(sql).bind(product).fetch_all().await.unwrap();
        kinds.into_iter().map(|(kind,)| kind).collect()
    }

    /// Counters are the sums of the ledger, and reserved is what held reservations promise.
    pub(crate) async fn assert_consistent(&self) {
        let items = "select product_id, on_hand, reserved from stock_item";
        let sums = "select product_id, cast(sum(on_hand_delta) as bigint),
                           cast(sum(reserved_delta) as bigint)
                    from stock_movement group by product_id";
        let held = "select product_id, cast(0 as bigint), cast(sum(reserved_delta) as bigint)
                    from stock_movement join reservation using (reservation_id)
                    where kind = 'reserved' and status = 'held' group by product_id";
        let (items, sums, held) = (
            self.by_product(items).await,
            self.by_product(sums).await,
            self.by_product(held).await,
        );

        for product in items.keys().chain(sums.keys()).chain(held.keys()) {
            let of =
                |map: &BTreeMap<i64, (i64, i64)>| map.get(product).copied().unwrap_or_default();
            assert_eq!(of(&items), of(&sums), "counters and ledger of product {product}");
            assert_eq!(of(&items).1, of(&held).1, "reserved and held of product {product}");
        }
    }

    async fn by_product(&self, sql: &'static str) -> BTreeMap<i64, (i64, i64)> {
        let rows: Vec<(i64, i64, i64)> = self.other.query(sql).fetch_all().await.unwrap();
        rows.into_iter().map(|(product, one, two)| (product, (one, two))).collect()
    }
}

/// Lines as the graph takes them.
pub(crate) fn line_inputs(lines: &[(i64, i64)]) -> Value {
    let line = |(product, quantity): &(i64, i64)| {
        let product = product.to_string();
        json!({ "productId": product, "quantity": quantity })
    };
    lines.iter().map(line).collect()
}
