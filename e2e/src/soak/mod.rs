//! The soak: customers at work on a shop whose processes are killed and whose calls go astray.
//!
//! Everybody keeps a book of what was acknowledged. In the end the books must be what the shop
//! says: nothing lost, nothing twice, every counter exact, and `agora verify` content. What
//! customers do and when processes die comes from the seed; when the threads of the processes do
//! what does not, so that a seed repeats the kind of trouble, not each interleaving.

mod check;
mod client;
mod customer;
mod history;
mod model;
mod operations;
mod setup;

pub use history::History;
pub use setup::Setup;

use client::Client;
use customer::Customer;
use fastrand::Rng;
use futures::future::try_join_all;
use model::Book;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Customers at work at the same time.
const CUSTOMERS: usize = 8;
/// Users whom they are.
const USERS: usize = 4;
/// What the products cost, in cents; product 1 is the first.
const PRICES: [i64; 6] = [100, 250, 999, 1, 123_456, 5_000];
/// Units of each product in the beginning.
const INITIAL_STOCK: i64 = 150;
/// Milliseconds between two kills.
const KILL_PAUSE_MS: std::ops::Range<u64> = 300..3_000;
/// Milliseconds for which a killed process stays away.
const AWAY_MS: std::ops::Range<u64> = 0..700;

/// What happened so far.
#[derive(Debug, Default)]
struct Totals {
    history: History,
    operations: AtomicU64,
    orders: AtomicU64,
    hung_up: AtomicU64,
    kills: AtomicU64,
}

impl Totals {
    fn count(&self, figure: impl Fn(&Self) -> &AtomicU64) {
        figure(self).fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        write!(
            f,
            "{} operations, {} orders acknowledged, {} requests hung up, {} kills",
            figure(&self.operations),
            figure(&self.orders),
            figure(&self.hung_up),
            figure(&self.kills)
        )
    }
}

/// Runs one setup for `duration` and answers what happened.
///
/// # Errors
/// What was wrong, with the seed and the end of the history.
pub async fn soak(setup: Setup, seed: u64, duration: Duration) -> Result<String, String> {
    let totals = Arc::new(Totals { history: History::create(setup, seed), ..Totals::default() });
    let done = run(setup, seed, duration, &totals).await;
    done.map_err(|why| format!("{setup} with seed {seed}: {why}\n{}", totals.history))?;
    totals.history.discard();
    Ok(totals.to_string())
}

async fn run(
    setup: Setup,
    seed: u64,
    duration: Duration,
    totals: &Arc<Totals>,
) -> Result<(), String> {
    let Some(mut running) = setup.start().await else {
        return Err("there is no PostgreSQL".to_owned());
    };
    let client = Client::new(running.url(), totals.history.clone())?;
    check::stock_up(&client).await?;

    let end = Instant::now() + duration;
    let customer = |number| {
        let customer = Customer::new(number, seed, client.clone(), Arc::clone(totals));
        // Tasks of their own, so that they go on while this one waits for a start.
        let work = tokio::spawn(customer.work(end));
        async move { work.await.map_err(|panic| panic.to_string())? }
    };
    let customers = try_join_all((0..CUSTOMERS).map(customer));
    let killing = async {
        kill_until(end, &mut running, seed, totals).await;
        Ok(())
    };
    // Who is told nonsense ends the soak at once.
    let (books, ()) = tokio::try_join!(customers, killing)?;

    let mut all = Book::default();
    for book in books {
        all.merge(book)?;
    }
    check::settled(&mut running, &client, &all).await
}

/// Kills one process after the other and starts each again.
async fn kill_until(end: Instant, running: &mut setup::Running, seed: u64, totals: &Totals) {
    let mut random = Rng::with_seed(seed);
    let roles = running.parts.roles();
    loop {
        let pause = Duration::from_millis(random.u64(KILL_PAUSE_MS));
        let next = Instant::now() + pause;
        sleep_until(next.min(end)).await;
        if next >= end {
            return;
        }
        let role = *random.choice(&roles).unwrap_or(&"all");
        totals.history.note(&format!("kill -9 {role}"));
        totals.count(|totals| &totals.kills);
        let process = running.parts.part(role);
        process.kill().await;
        sleep_until(Instant::now() + Duration::from_millis(random.u64(AWAY_MS))).await;
        process.restart().await;
        totals.history.note(&format!("{role} is back"));
    }
}

/// What an order of these products and quantities costs, in cents.
fn cost(lines: &[(i64, i64)]) -> i64 {
    let price = |product: i64| usize::try_from(product - 1).map_or(0, |index| PRICES[index]);
    lines.iter().map(|(product, quantity)| price(*product) * quantity).sum()
}

/// The user who customer `number` is.
fn user_of(number: usize) -> String {
    (number % USERS + 1).to_string()
}
