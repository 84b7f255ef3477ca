//! A shop with one user and one product, and what clients learn from it while something is wrong.

use e2e::http::{Answer, Request};
use serde_json::{Value, json};
use std::time::Duration;
use testing::agora::Options;
use testing::{Agora, wait_for, wait_until};

/// Units on hand of the product.
pub(crate) const STOCK: i64 = 10_000;
/// How long anything may take on a busy machine; on PostgreSQL an attempt that nobody ended is
/// given up after twenty seconds.
pub(crate) const DEADLINE: Duration = Duration::from_secs(90);

const CREATE_USER: &str =
    "mutation { createUser(input: { username: \"ann\", password: \"pass1234\" })
    { user { id } userErrors { message } } }";
const CREATE_PRODUCT: &str = "mutation { createProduct(input: {
    name: \"Mug\", description: \"Holds tea\", price: \"5.00\" }) {
    product { id } userErrors { message } } }";
const SET_STOCK: &str = "mutation ($units: Int!) { setStock(input: {
    productId: \"1\", onHand: $units }) { userErrors { message } } }";
const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id } userErrors { code message } } }";
const CATALOGUE: &str = "{ products { nodes { id name } } }";
const ORDERS: &str = "{ orders(first: 1) { totalCount } }";
const STOCK_ITEM: &str = "{ product(id: \"1\") { stockItem { onHand reserved } } }";

/// Errors after which a client may ask again, with the same key.
const TRANSIENT: [&str; 4] =
    ["UNAVAILABLE", "SUBGRAPH_UNAVAILABLE", "CONFLICT", "QUERY_PLAN_BUILD_FAILED"];

/// What a client learned from an attempt to place an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is placed, and this is its id.
    Placed(String),
    /// Not now, for the reason with this code.
    TryAgain(String),
}

pub(crate) struct Shop {
    pub(crate) agora: Agora,
    /// Where its REST interface is.
    rest: String,
}

impl Shop {
    /// Starts one, with everything in one process.
    pub(crate) async fn open(options: Options) -> Self {
        let agora = options.start().await;
        let rest = agora.rest_url("order").to_owned();
        Self::stocked(agora, rest).await
    }

    /// One whose REST interface is elsewhere.
    pub(crate) async fn stocked(agora: Agora, rest: String) -> Self {
        let shop = Self { agora, rest };
        for (mutation, variables) in [
            (CREATE_USER, json!({})),
            (CREATE_PRODUCT, json!({})),
            (SET_STOCK, json!({ "units": STOCK })),
        ] {
            let data = shop.eventually(mutation, variables).await;
            assert!(!data.to_string().contains("message"), "{mutation}: {data}");
        }
        // Planned once, before anything goes wrong.
        shop.must_place("planned").await;
        shop.order_count().await;
        shop.stock().await;
        assert!(shop.catalogue_is_readable().await);
        assert_eq!(shop.rest_order().await.status, 201);
        shop
    }

    /// Asks once for an order of one unit.
    ///
    /// # Panics
    /// When the answer is neither an order nor an error after which one may ask again.
    pub(crate) async fn place(&self, key: &str) -> Told {
        let answer = self.agora.graphql(PLACE, order(key)).await;
        let payload = &answer["data"]["placeOrder"];
        if let Some(id) = payload["order"]["id"].as_str() {
            return Told::Placed(id.to_owned());
        }
        let code = answer["errors"][0]["extensions"]["code"]
            .as_str()
            .or_else(|| payload["userErrors"][0]["code"].as_str())
            .unwrap_or_default();
        let output = || self.agora.output();
        assert!(TRANSIENT.contains(&code), "{key}: {answer:#}\n{}", output());
        Told::TryAgain(code.to_owned())
    }

    /// The status and the `Retry-After` of the answer to such a request.
    pub(crate) async fn retry_after(&self, key: &str) -> (u16, Option<String>) {
        let operation = json!({ "query": PLACE, "variables": order(key) });
        let accept = "application/graphql-response+json";
        let post = self.agora.client().post(self.agora.url()).header("accept", accept);
        let response = post.json(&operation).send().await.unwrap();
        let header = response.headers().get("retry-after");
        let seconds = header.map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), seconds)
    }

    /// Asks with one key until there is an order, and answers its id.
    pub(crate) async fn must_place(&self, key: &str) -> String {
        wait_for(DEADLINE, || async {
            match self.place(key).await {
                Told::Placed(id) => Some(id),
                Told::TryAgain(_) => None,
            }
        })
        .await
    }

    /// The answer to a REST order of one unit.
    pub(crate) async fn rest_order(&self) -> Answer {
        let order = json!({
            "user_id": 1, "shipping_address": "Mill Lane 1",
            "items": [{ "product_id": 1, "quantity": 1, "price": "5.00" }],
        });
        self.rest(Request::new("POST", "/orders/").json(&order)).await
    }

    /// The status of what answers a REST path.
    pub(crate) async fn rest_get(&self, path: &str) -> u16 {
        self.rest(Request::new("GET", path)).await.status
    }

    async fn rest(&self, request: Request) -> Answer {
        let answer = request.send(&self.rest).await;
        answer.unwrap_or_else(|error| panic!("{request:?}: {error}\n{}", self.agora.output()))
    }

    /// Whether orders and products can be read, through the graph and through REST.
    pub(crate) async fn assert_readable(&self) {
        assert!(self.catalogue_is_readable().await, "{}", self.agora.output());
        self.order_count().await;
        self.stock().await;
        for path in ["/orders/", "/products/1/"] {
            assert_eq!(self.rest_get(path).await, 200, "{path}\n{}", self.agora.output());
        }
    }

    /// Whether products can be read through the graph.
    pub(crate) async fn catalogue_is_readable(&self) -> bool {
        self.agora.graphql(CATALOGUE, json!({})).await["data"]["products"]["nodes"][0]["id"] == "1"
    }

    /// How many orders there are.
    pub(crate) async fn order_count(&self) -> i64 {
        let data = self.eventually(ORDERS, json!({})).await;
        data["orders"]["totalCount"].as_i64().unwrap_or_else(|| panic!("{data}"))
    }

    /// On hand and reserved units.
    pub(crate) async fn stock(&self) -> (i64, i64) {
        let data = self.eventually(STOCK_ITEM, json!({})).await;
        let item = &data["product"]["stockItem"];
        let figure = |name: &str| item[name].as_i64().unwrap_or_else(|| panic!("{data}"));
        (figure("onHand"), figure("reserved"))
    }

    /// Nothing was lost and nothing is half done: so many orders, each with its unit, and nothing
    /// else is reserved once everything is settled.
    pub(crate) async fn assert_settles_at(&self, orders: i64) {
        assert_eq!(self.order_count().await, orders, "{}", self.agora.output());
        wait_until(DEADLINE, || async { self.stock().await == (STOCK, orders) }).await;
        assert_eq!(self.order_count().await, orders);
    }

    /// `agora verify` finds nothing wrong, beside the running shop; `storage` says where its data
    /// is, if the shop was told so by an argument.
    pub(crate) async fn assert_verified(&self, storage: &[&str]) {
        let verified = self.agora.run(&[&["verify"], storage].concat()).await;
        assert!(verified.status.success(), "{verified:?}");
    }

    /// The data of an operation, asked again while an error says that this can help.
    async fn eventually(&self, operation: &str, variables: Value) -> Value {
        wait_for(DEADLINE, || async {
            let mut answer = self.agora.graphql(operation, variables.clone()).await;
            let Some(errors) = answer["errors"].as_array() else {
                return Some(answer["data"].take());
            };
            let code = errors[0]["extensions"]["code"].as_str().unwrap_or_default();
            assert!(TRANSIENT.contains(&code), "{operation}: {answer:#}\n{}", self.agora.output());
            None
        })
        .await
    }
}

fn order(key: &str) -> Value {
    json!({ "input": {
        "userId": "1", "shippingAddress": "1 Main St", "idempotencyKey": key,
        "lines": [{ "productId": "1", "quantity": 1 }],
    } })
}

/// Checks that an answer says: not now, try again.
#[track_caller]
pub(crate) fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    let seconds = answer.header("retry-after").and_then(|seconds| seconds.parse::<u32>().ok());
    assert!(seconds.is_some_and(|seconds| seconds > 0), "no Retry-After: {:?}", answer.headers);
    assert!(answer.json()["error"].is_string(), "{}", answer.text());
}
