//! A shop that is used while every write is recorded.

use crate::disk::Image;
use crate::recorder::Recorded;
use crate::trace::{Event, parse};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use testing::{Agora, Database};

/// Times that the shop is opened. Each ends with the write-ahead log copied into the database.
const SESSIONS: usize = 4;
/// Clients at the same time.
const CLIENTS: usize = 5;
/// Orders of a client in one session.
const ORDERS: usize = 3;

const CREATE_USER: &str = "mutation ($input: CreateUserInput!) { createUser(input: $input) {
    user { id } userErrors { code } } }";
const CREATE_PRODUCT: &str = "mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { product { id } userErrors { code } } }";
const SET_STOCK: &str = "mutation ($input: SetStockInput!) { setStock(input: $input) {
    stockItem { id } userErrors { code } } }";
const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status total { amount } } userErrors { code } } }";
const MOVE: &str = "mutation ($id: ID!, $to: OrderStatus!) { transitionOrder(id: $id, to: $to) {
    order { id status } userErrors { code } } }";

/// What was written, and what clients were told.
pub(crate) struct Recording {
    /// The files before the first session.
    pub(crate) before: Image,
    pub(crate) events: Vec<Event>,
    pub(crate) orders: BTreeMap<i64, Told>,
}

/// What a client was told of an order.
#[derive(Debug)]
pub(crate) struct Told {
    /// Minor units.
    pub(crate) total: i64,
    /// Product and quantity.
    pub(crate) lines: Vec<(i64, i64)>,
    /// The statuses that it went through, and when each was known, in microseconds.
    pub(crate) statuses: Vec<(&'static str, i64)>,
}

pub(crate) async fn record() -> Recording {
    let database = Database::sqlite();
    let directory = fs::canonicalize(database.directory().unwrap()).unwrap();
    let mut shop = Agora::options().database(&database).start().await;
    fill(&shop).await;
    assert!(shop.terminate().await.success());
    let before = read(&directory);

    let (mut events, mut orders) = (Vec::new(), BTreeMap::new());
    for session in 0..SESSIONS {
        let (more, trace) = use_shop(&database, session).await;
        orders.extend(more);
        events.extend(parse(&trace, &directory));
    }
    Recording { before, events, orders }
}

/// The files of a directory.
pub(crate) fn read(directory: &Path) -> Image {
    let files = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    let databases = files.filter(|file| !file.to_string_lossy().ends_with("-shm"));
    let named = |file: PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read(file).unwrap())
    };
    databases.map(named).collect()
}

async fn use_shop(database: &Database, session: usize) -> (Vec<(i64, Told)>, String) {
    let recorded = Recorded::start(Agora::options().database(database)).await;
    let clients = (0..CLIENTS).map(|client| order_all(&recorded.shop, session * CLIENTS + client));
    let orders = join_all(clients).await.into_iter().flatten().collect();
    (orders, recorded.end().await)
}

async fn fill(shop: &Agora) {
    let user = json!({ "username": "ann", "password": "password123" });
    done(shop, CREATE_USER, json!({ "input": user })).await;
    for (product, price) in [(1, "5.00"), (2, "0.70")] {
        let input = json!({ "name": format!("Mug {product}"), "description": "d", "price": price });
        done(shop, CREATE_PRODUCT, json!({ "input": input })).await;
        let stock = json!({ "productId": product.to_string(), "onHand": 1_000 });
        done(shop, SET_STOCK, json!({ "input": stock })).await;
    }
}

/// Orders of one client, one after the other; of three, one is cancelled and one is shipped.
async fn order_all(shop: &Agora, client: usize) -> Vec<(i64, Told)> {
    let mut orders = Vec::new();
    for number in 0..ORDERS {
        let quantity = i64::try_from(client + number).unwrap() % 4 + 1;
        let lines = vec![(1, quantity), (2, 1)];
        let wanted: Vec<Value> = lines.iter().map(|line| line_input(*line)).collect();
        let input = json!({ "userId": "1", "shippingAddress": "1 Main St", "lines": wanted });
        let order = &done(shop, PLACE, json!({ "input": input })).await["order"];
        let mut statuses = vec![("pending", now())];
        let amount = order["total"]["amount"].as_str().unwrap().replace('.', "");
        let (id, total) = (order["id"].as_str().unwrap(), amount.parse().unwrap());
        for (name, status) in [("SHIPPED", "shipped"), ("CANCELLED", "cancelled")] {
            if (client + number) % 3 == usize::from(status == "shipped") {
                done(shop, MOVE, json!({ "id": id, "to": name })).await;
                statuses.push((status, now()));
            }
        }
        orders.push((id.parse().unwrap(), Told { total, lines, statuses }));
    }
    orders
}

fn line_input((product, quantity): (i64, i64)) -> Value {
    json!({ "productId": product.to_string(), "quantity": quantity })
}

/// The payload of a mutation that works.
async fn done(shop: &Agora, mutation: &str, variables: Value) -> Value {
    let data = shop.data(mutation, variables).await;
    let payload = data.as_object().and_then(|data| data.values().next());
    let payload = payload.unwrap_or_else(|| panic!("{data}\n{}", shop.output()));
    assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    payload.clone()
}

#[expect(clippy::disallowed_methods, reason = "compared with the times that strace writes")]
fn now() -> i64 {
    chrono::Utc::now().timestamp_micros()
}
