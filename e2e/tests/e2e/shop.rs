//! A running shop, and the few operations that most scenarios need.

use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use testing::agora::Options;
use testing::{Agora, Database, wait_for};

pub(crate) const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status total { amount } user { id }
        lines { product { id } productName quantity unitPrice { amount } lineTotal { amount } } }
    userErrors { code field message } } }";
const MOVE: &str = "mutation ($id: ID!, $to: OrderStatus!) { transitionOrder(id: $id, to: $to) {
    order { id status allowedTransitions } userErrors { code field message } } }";
const CREATE_USER: &str = "mutation ($input: CreateUserInput!) { createUser(input: $input) {
    user { id } userErrors { code field message } } }";
const CREATE_CATEGORY: &str = "mutation ($input: CreateCategoryInput!) {
    createCategory(input: $input) { category { id } userErrors { code field message } } }";
const CREATE_PRODUCT: &str = "mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { product { id } userErrors { code field message } } }";
const SET_STOCK: &str = "mutation ($input: SetStockInput!) { setStock(input: $input) {
    stockItem { id } userErrors { code field message } } }";
const STOCK: &str = "query ($id: ID!) { product(id: $id) {
    stockItem { onHand reserved available } } }";

/// How long it may take until an answer is no longer "try again" on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// A whole Agora, and short words for what clients do with it.
pub(crate) struct Shop {
    pub(crate) agora: Agora,
}

/// On hand, reserved, available.
pub(crate) type Stock = (i64, i64, i64);

impl Shop {
    /// An empty shop on SQLite.
    pub(crate) async fn open() -> Self {
        Self::from(Agora::options()).await
    }

    /// An empty shop on `database`.
    pub(crate) async fn on(database: &Database) -> Self {
        Self::from(Agora::options().database(database)).await
    }

    pub(crate) async fn from(options: Options) -> Self {
        Self { agora: options.start().await }
    }

    /// The data of an operation that has no errors.
    pub(crate) async fn data(&self, operation: &str, variables: Value) -> Value {
        self.agora.data(operation, variables).await
    }

    /// The payload of a mutation's one field, which may have user errors.
    pub(crate) async fn payload(&self, mutation: &str, variables: Value) -> Value {
        let data = self.data(mutation, variables).await;
        let fields = data.as_object().unwrap_or_else(|| panic!("no data: {data}"));
        fields.values().next().unwrap_or_else(|| panic!("no payload: {data}")).clone()
    }

    /// The payload of a mutation that must work.
    pub(crate) async fn change(&self, mutation: &str, variables: Value) -> Value {
        let payload = self.payload(mutation, variables).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        payload
    }

    /// The id of a new user.
    pub(crate) async fn user(&self, name: &str) -> String {
        let input = json!({ "username": name, "password": "password123" });
        id(&self.change(CREATE_USER, json!({ "input": input })).await["user"])
    }

    /// The id of a new category.
    pub(crate) async fn category(&self, name: &str) -> String {
        let input = json!({ "name": name });
        id(&self.change(CREATE_CATEGORY, json!({ "input": input })).await["category"])
    }

    /// The id of a new product that has so many units on hand.
    pub(crate) async fn product(&self, name: &str, price: &str, on_hand: i64) -> String {
        let input = json!({ "name": name, "description": name, "price": price });
        let product = self.stockless(input).await;
        let input = json!({ "productId": product, "onHand": on_hand });
        self.change(SET_STOCK, json!({ "input": input })).await;
        product
    }

    /// The id of a new product that was never stocked.
    pub(crate) async fn stockless(&self, input: Value) -> String {
        id(&self.change(CREATE_PRODUCT, json!({ "input": input })).await["product"])
    }

    /// Asks for an order: user, lines of product and quantity.
    pub(crate) async fn place(&self, user: &str, lines: &[(&str, i64)]) -> Value {
        self.place_with(user, lines, json!({})).await
    }

    /// As `place`, with more of the input: a key, an expected total.
    pub(crate) async fn place_with(&self, user: &str, lines: &[(&str, i64)], more: Value) -> Value {
        self.payload(PLACE, json!({ "input": order_input(user, lines, more) })).await
    }

    /// As `place`, under a key, and again as long as the answer is to try again.
    pub(crate) async fn place_at_last(
        &self,
        key: &str,
        user: &str,
        lines: &[(&str, i64)],
    ) -> Value {
        let input = order_input(user, lines, json!({ "idempotencyKey": key }));
        let decided = || async {
            let mut answer = self.agora.graphql(PLACE, json!({ "input": input })).await;
            let busy = ["UNAVAILABLE", "SUBGRAPH_UNAVAILABLE"].map(Value::from);
            if busy.contains(&answer["errors"][0]["extensions"]["code"]) {
                return None;
            }
            assert!(answer.get("errors").is_none(), "{answer:#}\n{}", self.agora.output());
            let payload = answer["data"]["placeOrder"].take();
            (codes(&payload) != ["CONFLICT"]).then_some(payload)
        };
        wait_for(DEADLINE, decided).await
    }

    /// The id of an order that must be placed.
    pub(crate) async fn order(&self, user: &str, lines: &[(&str, i64)]) -> String {
        let payload = self.place(user, lines).await;
        assert_eq!(codes(&payload), [""; 0], "{payload}");
        id(&payload["order"])
    }

    /// Moves an order, or asks to.
    pub(crate) async fn move_to(&self, order: &str, status: &str) -> Value {
        self.payload(MOVE, json!({ "id": order, "to": status })).await
    }

    pub(crate) async fn stock(&self, product: &str) -> Stock {
        let data = self.data(STOCK, json!({ "id": product })).await;
        let item = &data["product"]["stockItem"];
        let figure = |name: &str| item[name].as_i64().unwrap_or_else(|| panic!("{data}"));
        (figure("onHand"), figure("reserved"), figure("available"))
    }

    /// How many orders there are.
    pub(crate) async fn order_count(&self) -> i64 {
        let data = self.data("{ orders(first: 1) { totalCount } }", json!({})).await;
        data["orders"]["totalCount"].as_i64().unwrap()
    }

    /// SQL statements that each subgraph has sent since the start.
    pub(crate) async fn statements(&self) -> BTreeMap<String, u64> {
        let url = self.agora.url().replace("/graphql", "/metrics");
        let text = self.agora.client().get(url).send().await.unwrap().text().await.unwrap();
        let count = |line: &str| {
            let rest = line.strip_prefix("agora_sql_statements_total{subgraph=\"")?;
            let (subgraph, count) = rest.split_once("\"} ")?;
            Some((subgraph.to_owned(), count.parse().unwrap()))
        };
        let counts: BTreeMap<_, _> = text.lines().filter_map(count).collect();
        assert_eq!(counts.len(), 4, "{text}");
        counts
    }

    /// So many orders at once.
    pub(crate) async fn orders(&self, count: usize, user: &str, lines: &[(&str, i64)]) {
        join_all((0..count).map(|_| self.order(user, lines))).await;
    }
}

/// The input of `placeOrder`.
pub(crate) fn order_input(user: &str, lines: &[(&str, i64)], more: Value) -> Value {
    let line =
        |(product, quantity): &(&str, i64)| json!({ "productId": product, "quantity": quantity });
    let lines: Vec<_> = lines.iter().map(line).collect();
    let mut input = json!({ "userId": user, "shippingAddress": "1 Main St", "lines": lines });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

/// The id of a thing that must be there.
pub(crate) fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id: {thing}")).to_owned()
}

/// The codes of a payload's user errors.
pub(crate) fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    errors.iter().map(|error| error["code"].as_str().unwrap()).collect()
}

/// The ids of a connection's nodes.
pub(crate) fn ids(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"].as_array().unwrap_or_else(|| panic!("{connection}"));
    nodes.iter().map(id).collect()
}
