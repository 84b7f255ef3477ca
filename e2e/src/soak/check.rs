//! What is put in at the start, and what must be true in the end.

use super::client::Client;
use super::customer::{amount, id_of};
use super::model::{Book, Stock};
use super::setup::Running;
use super::{INITIAL_STOCK, PRICES, USERS, cost, operations as op};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a shop may take to settle: an attempt that died is given up after twenty seconds.
const SETTLE_TIME: Duration = Duration::from_secs(90);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// Users, products and their stock; their ids count from 1.
pub(super) async fn stock_up(client: &Client) -> Result<(), String> {
    let create = async |operation, input: Value| {
        let settled = client.settle(false, operation, &json!({ "input": input })).await?;
        settled.refusal().map_or(Ok(()), |code| Err(format!("{input} was refused: {code}")))
    };
    for user in 1..=USERS {
        let input = json!({ "username": format!("user{user}"), "password": "password123" });
        create(op::CREATE_USER, input).await?;
    }
    for (index, price) in PRICES.iter().enumerate() {
        let name = format!("Product {}", index + 1);
        let input = json!({ "name": name, "description": "d", "price": amount(*price) });
        create(op::CREATE_PRODUCT, input).await?;
        let product = (index + 1).to_string();
        create(op::ADJUST, json!({ "productId": product, "delta": INITIAL_STOCK })).await?;
    }
    Ok(())
}

/// Waits until nothing moves any more and compares everything.
pub(super) async fn settled(
    running: &mut Running,
    client: &Client,
    book: &Book,
) -> Result<(), String> {
    let end = Instant::now() + SETTLE_TIME;
    loop {
        match stock_is(client, book).await? {
            Ok(()) => break,
            Err(why) if Instant::now() > end => {
                return Err(format!("{why} after {SETTLE_TIME:?}\n{}", running.parts.output()));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
    orders_are(client, book).await?;
    let role = running.parts.roles()[0];
    let verified = running.parts.part(role).run(&["verify"]).await;
    if verified.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&verified.stdout).into_owned();
    Err(format!(
        "agora verify: {}\n{text}{}",
        verified.status,
        String::from_utf8_lossy(&verified.stderr)
    ))
}

/// Whether every counter is what the book says; the outer error is an answer that is none.
async fn stock_is(client: &Client, book: &Book) -> Result<Result<(), String>, String> {
    let answer = client.settle(false, op::STOCK, &json!({})).await?.payload;
    let mut found: BTreeMap<i64, Stock> = BTreeMap::new();
    for item in answer["nodes"].as_array().into_iter().flatten() {
        let units = |name: &str| item[name].as_i64().unwrap_or(-1);
        found.insert(id_of(&item["product"]["id"])?, (units("onHand"), units("reserved")));
    }
    for product in 1..=PRICES.len() as i64 {
        let expected = book.stock(product, INITIAL_STOCK);
        let found = found.get(&product).copied();
        if found != Some(expected) {
            return Ok(Err(format!(
                "product {product}: on hand and reserved must be {expected:?} and are {found:?}"
            )));
        }
    }
    Ok(Ok(()))
}

/// Every order of the book is there, as it was acknowledged, and no other.
async fn orders_are(client: &Client, book: &Book) -> Result<(), String> {
    let mut expected = book.orders.clone();
    let mut after = Value::Null;
    loop {
        let page = client.settle(false, op::ORDERS, &json!({ "after": after })).await?.payload;
        for order in page["nodes"].as_array().into_iter().flatten() {
            let id = id_of(&order["id"])?;
            let Some(bought) = expected.remove(&id) else {
                return Err(format!("nobody knows of this order: {order}"));
            };
            let line =
                |line: &Value| Ok((id_of(&line["product"]["id"])?, line["quantity"].as_i64()));
            let lines: Result<Vec<_>, String> =
                order["lines"].as_array().into_iter().flatten().map(line).collect();
            let wanted: Vec<_> =
                bought.lines.iter().map(|(product, n)| (*product, Some(*n))).collect();
            let cents = cost(&bought.lines);
            if order["status"] != json!(bought.status.word())
                || order["total"]["amount"] != json!(amount(cents))
                || lines? != wanted
            {
                return Err(format!("order {id} was {bought:?} and is {order}"));
            }
        }
        if page["pageInfo"]["hasNextPage"] != json!(true) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    match expected.into_iter().next() {
        None => Ok(()),
        Some((id, bought)) => Err(format!("order {id} is lost: {bought:?}")),
    }
}
