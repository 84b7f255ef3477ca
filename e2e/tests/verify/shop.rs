//! A shop, somebody who changes its rows by hand, and `agora verify` on the same data.

use chassis::db::Access;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::time::Duration;
use testing::{Agora, Database, wait_for};

/// How long it may take until the shop answers or a worker has done its work.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// Units on hand of each product.
pub(crate) const STOCK: i64 = 1_000;

const CREATE_USER: &str = "mutation { createUser(input: { username: \"ann\",
    password: \"password123\" }) { user { id } userErrors { message } } }";
const CREATE_PRODUCT: &str = "mutation ($name: String!) { createProduct(input: { name: $name,
    description: \"Holds tea\", price: \"5.00\" }) { product { id } userErrors { message } } }";
const SET_STOCK: &str = "mutation ($input: SetStockInput!) { setStock(input: $input) {
    stockItem { id } userErrors { message } } }";
const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id } userErrors { code message } } }";
const MOVE: &str = "mutation ($id: ID!, $to: OrderStatus!) { transitionOrder(id: $id, to: $to) {
    order { id } userErrors { code message } } }";
const DELETE: &str = "mutation ($id: ID!) { deleteOrder(id: $id) {
    deletedOrderId userErrors { code message } } }";
const STOCK_ITEM: &str = "query ($id: ID!) { product(id: $id) { stockItem { onHand reserved } } }";
const ORDERS: &str = "{ orders(first: 1) { totalCount } }";

/// How `agora verify` ended.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) clean: bool,
    /// What it printed above the summary.
    pub(crate) lines: Vec<String>,
    /// The rows of the summary: invariant, rows checked, violations.
    pub(crate) summary: Vec<(String, i64, i64)>,
    pub(crate) stderr: String,
}

impl Verdict {
    /// The one line that it printed.
    pub(crate) fn line(&self) -> &str {
        assert_eq!(self.lines.len(), 1, "{self:?}");
        &self.lines[0]
    }

    pub(crate) fn assert_clean(&self) {
        assert!(self.clean && self.lines.is_empty(), "{self:?}");
    }
}

pub(crate) struct Shop<'d> {
    pub(crate) agora: Agora,
    database: &'d Database,
    user: String,
    pub(crate) mug: String,
}

impl<'d> Shop<'d> {
    /// With one user and one product.
    pub(crate) async fn on(database: &'d Database) -> Self {
        let agora = Agora::options().database(database).start().await;
        let mut shop = Self { agora, database, user: String::new(), mug: String::new() };
        shop.user = id(&shop.payload(CREATE_USER, json!({})).await["user"]);
        shop.mug = shop.product("Mug").await;
        shop
    }

    pub(crate) async fn product(&self, name: &str) -> String {
        let product = self.payload(CREATE_PRODUCT, json!({ "name": name })).await;
        let product = id(&product["product"]);
        let input = json!({ "productId": product, "onHand": STOCK });
        self.payload(SET_STOCK, json!({ "input": input })).await;
        product
    }

    /// An order of so many mugs; `None` when it was refused.
    pub(crate) async fn try_order(&self, quantity: i64, key: Option<&str>) -> Option<String> {
        let lines = json!([{ "productId": self.mug, "quantity": quantity }]);
        let input = json!({ "userId": self.user, "shippingAddress": "1 Main St",
            "lines": lines, "idempotencyKey": key });
        let answer = self.agora.try_graphql(PLACE, json!({ "input": input })).await.ok()?;
        answer["data"]["placeOrder"]["order"]["id"].as_str().map(str::to_owned)
    }

    /// An order of so many mugs.
    pub(crate) async fn order(&self, quantity: i64) -> String {
        let key = format!("{quantity} mugs, the first time");
        wait_for(DEADLINE, || self.try_order(quantity, Some(&key))).await
    }

    /// Moves an order, or asks to.
    pub(crate) async fn move_to(&self, order: &str, status: &str) -> Value {
        self.payload(MOVE, json!({ "id": order, "to": status })).await
    }

    pub(crate) async fn delete(&self, order: &str) {
        self.payload(DELETE, json!({ "id": order })).await;
    }

    /// On hand and reserved.
    pub(crate) async fn stock(&self) -> (i64, i64) {
        let data = self.agora.data(STOCK_ITEM, json!({ "id": self.mug })).await;
        let item = &data["product"]["stockItem"];
        let figure = |name: &str| item[name].as_i64().unwrap_or_else(|| panic!("{data}"));
        (figure("onHand"), figure("reserved"))
    }

    pub(crate) async fn order_count(&self) -> i64 {
        let data = self.agora.data(ORDERS, json!({})).await;
        data["orders"]["totalCount"].as_i64().unwrap_or_else(|| panic!("{data}"))
    }

    /// The payload of a mutation's one field.
    pub(crate) async fn payload(&self, mutation: &str, variables: Value) -> Value {
        let data = self.agora.data(mutation, variables).await;
        let fields = data.as_object().unwrap_or_else(|| panic!("no data: {data}"));
        fields.values().next().unwrap_or_else(|| panic!("no payload: {data}")).clone()
    }

    /// Changes a subgraph's rows behind its back.
    pub(crate) async fn tamper(&self, subgraph: &str, sql: &str) {
        let migrations = match subgraph {
            order::NAME => &order::MIGRATIONS,
            _ => &inventory::MIGRATIONS,
        };
        let location = self.database.location();
        let db = location.open_existing(subgraph, migrations, Access::ReadWrite).await.unwrap();
        let statement = sql.to_owned();
        let changed = db
            .write(move |tx| {
                let statement = statement.clone();
                Box::pin(async move { tx.query(AssertSqlSafe(statement)).execute().await })
            })
            .await;
        changed.unwrap_or_else(|error| panic!("{sql}: {error}"));
        db.close().await;
    }

    pub(crate) async fn verify(&self) -> Verdict {
        verdict(self.agora.run(&["verify"]).await)
    }

    pub(crate) async fn repair(&self) -> Verdict {
        verdict(self.agora.run(&["verify", "--repair"]).await)
    }
}

fn verdict(output: std::process::Output) -> Verdict {
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(i32::from(!output.status.success())), "{stderr}");
    let mut lines = stdout.lines().map(str::to_owned);
    let above = lines.by_ref().take_while(|line| !line.starts_with("invariant ")).collect();
    let row = |line: String| {
        let words: Vec<_> = line.split_whitespace().collect();
        (words[0].to_owned(), words[1].parse().unwrap(), words[3].parse().unwrap())
    };
    let summary = lines.map(row).collect();
    Verdict { clean: output.status.success(), lines: above, summary, stderr }
}

/// The id of a thing that must be there.
fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id: {thing}")).to_owned()
}
