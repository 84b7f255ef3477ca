//! Many clients at once. Nobody sees anything but success or a refusal that is meant, and orders,
//! reservations and counters agree afterwards.

mod keys;
mod life_cycle;
mod stock;
mod sweepers;

use crate::shop::{Shop, ask, input};
use chassis::db::Location;
use futures::TryStreamExt;
use order::audit::Expects;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use testing::{wait_for, wait_until};
use tokio::task::JoinSet;
use uuid::Uuid;

/// How long everything together may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(240);
/// Units that are never used up.
const PLENTY: i64 = 1_000_000;

const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status } userErrors { code } } }";

/// Runs `count` tasks, all of them begun before any is waited for; their answers, in order.
async fn at_once<F>(count: usize, task: impl Fn(usize) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let task = task(number);
        tasks.spawn(async move { (number, task.await) });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The whole answer to an order under `key`, asked for again as long as it says so: `CONFLICT`
/// while another request with this key runs, unavailable when there is too much to do.
async fn place(shop: &Shop, lines: &[(i64, i64)], key: &str) -> Value {
    let input = &input(lines, Some(key));
    wait_for(DEADLINE, || decided(shop, input)).await
}

/// `None` when the answer is to try again. Any other error of the whole answer is one that no
/// client may see.
async fn decided(shop: &Shop, input: &Value) -> Option<Value> {
    let answer = ask(&shop.order, PLACE, json!({ "input": input })).await;
    if answer["errors"].is_null() {
        return (refusal(&answer["data"]["placeOrder"]) != Some("CONFLICT")).then_some(answer);
    }
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    assert!(matches!(code, Some("UNAVAILABLE" | "SUBGRAPH_UNAVAILABLE")), "{answer}");
    None
}

/// As `place`; whether an order came of it. Otherwise there was too little stock.
async fn is_placed(shop: &Shop, lines: &[(i64, i64)], key: &str) -> bool {
    let answer = place(shop, lines, key).await;
    let refusal = refusal(&answer["data"]["placeOrder"]);
    assert!(matches!(refusal, None | Some("INSUFFICIENT_STOCK")), "{answer}");
    refusal.is_none()
}

/// The code of a payload's first user error.
fn refusal(payload: &Value) -> Option<&str> {
    payload["userErrors"][0]["code"].as_str()
}

/// Waits until nothing is left to be told, and checks what `agora verify` does: counters are the
/// sums of the ledger, reservations are what their orders want them to be, totals are right.
async fn assert_settled(shop: &Shop) {
    let [_, _, inventory, orders] = &shop.databases;
    let waiting = "select (select count(*) from effect)
                        + (select count(*) from placement where status = 'started')";
    let settled = async || orders.query(waiting).fetch_one::<(i64,)>().await.unwrap() == (0,);
    wait_until(DEADLINE, settled).await;

    let mut snapshot = inventory.snapshot().await.unwrap();
    let counters: Vec<_> = inventory::audit::counters(&mut snapshot).try_collect().await.unwrap();
    assert!(counters.iter().all(|product| product.fault().is_none()), "{counters:?}");
    let found: Vec<_> = inventory::audit::reservations(&mut snapshot).try_collect().await.unwrap();
    assert!(found.iter().all(|one| one.fault().is_none()), "{found:?}");
    let ids = |is: fn(&inventory::audit::Reservation) -> bool| -> BTreeSet<Uuid> {
        found.iter().filter(|one| is(one)).map(|one| one.id()).collect()
    };
    let (held, left) = (ids(|one| one.is_held()), ids(|one| one.is_fulfilled()));

    let mut snapshot = orders.snapshot().await.unwrap();
    let claims: Vec<_> = order::audit::claims(&mut snapshot).try_collect().await.unwrap();
    let wanted = |what: Expects| -> BTreeSet<Uuid> {
        let claims = claims.iter().filter(|claim| claim.expects() == what);
        claims.map(|claim| claim.reservation()).collect()
    };
    assert_eq!(held, wanted(Expects::Held), "held, and by whom");
    assert_eq!(left, wanted(Expects::Fulfilled), "shipped, and for whom");
    let totals: Vec<_> = order::audit::totals(&mut snapshot).try_collect().await.unwrap();
    assert!(totals.iter().all(|total| total.stored == total.lines), "{totals:?}");
    let repeated: Vec<_> = order::audit::repeated_keys(&mut snapshot).try_collect().await.unwrap();
    assert!(repeated.is_empty(), "{repeated:?}");
}

/// How many orders there are.
async fn order_count(shop: &Shop) -> i64 {
    let sql = "select count(*) from orders";
    shop.databases[3].query(sql).fetch_one::<(i64,)>().await.unwrap().0
}

/// A shop that several tasks share, with its workers: who is told to try again may have reserved
/// something that only they give back.
async fn shared(location: &Location, prices: &[&str], stock: i64) -> Arc<Shop> {
    let shop = Arc::new(Shop::open(location, prices, stock).await);
    // They end with the test's runtime.
    let _workers = shop.work();
    shop
}
