//! The power fails after every write that SQLite makes, and what clients were told is still there.
//!
//! A real shop is used under strace, which writes down every write and sync of its databases. Then
//! the recorded calls are replayed one by one onto a disk that knows what was synced. At each of
//! them the power fails three times: everything that was not synced is lost, is there, or is there
//! in parts, down to single sectors. What a client had been told before that moment must be found.
#![cfg(test)]

mod disk;
mod first_start;
mod found;
mod recorder;
mod sessions;
mod trace;

use disk::{Disk, Fate, Image};
use fastrand::Rng;
use found::{Orders, Reservations, compare, lay_out};
use recorder::can_be_recorded;
use sessions::{Recording, Told};
use std::collections::BTreeMap;
use std::time::Duration;
use tempfile::TempDir;
use testing::{Agora, Database, wait_until};
use trace::{Call, Event};

/// How long anything may take.
const DEADLINE: Duration = Duration::from_secs(60);
/// Chooses what is torn, and how.
const SEED: u64 = 4;
/// Of so many databases that are opened, one is checked page by page.
const THOROUGH_EVERY: usize = 50;
/// Cuts after which a real shop is started on what is left.
const STARTS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_order_is_lost_wherever_the_power_fails() {
    if !can_be_recorded() {
        return;
    }
    let recording = sessions::record().await;
    let orders = &recording.orders;
    let starts = replay(&recording).await;

    assert_eq!(starts.len(), STARTS);
    for start in &starts {
        restart(start, orders).await;
    }
}

/// What was left by one of the cuts.
struct Start {
    image: Image,
    fate: Fate,
    at: i64,
}

/// Cuts the power before each call and after the last; answers a few of the cuts.
async fn replay(recording: &Recording) -> Vec<Start> {
    let mut rng = Rng::with_seed(SEED);
    let mut disk = Disk::with(&recording.before);
    let mut outcomes = Fate::ALL.map(Outcome::new);
    let mut starts = Vec::new();
    let mut opened = 0;
    let (calls, writes) =
        (recording.events.len(), recording.events.iter().filter(is_write).count());
    assert!(writes > recording.orders.len(), "{writes} writes were recorded");

    for (number, event) in recording.events.iter().map(Some).chain([None]).enumerate() {
        let at = event.map_or(i64::MAX, |event| event.at);
        for outcome in &mut outcomes {
            opened += outcome.look(&disk, &mut rng, opened).await;
            outcome.compare(&recording.orders, at);
        }
        if number * STARTS / calls.max(1) >= starts.len() && starts.len() < STARTS {
            let fate = Fate::ALL[starts.len() % Fate::ALL.len()];
            starts.push(Start { image: disk.image("", fate, &mut rng), fate, at });
        }
        if let Some(Event { call, .. }) = event {
            for outcome in &mut outcomes {
                outcome.change(&disk, call);
            }
            disk.apply(call);
        }
    }
    println!("{} cuts at {calls} calls, {opened} databases opened", 3 * (calls + 1));
    starts
}

fn is_write(event: &&Event) -> bool {
    matches!(event.call, Call::Write { .. })
}

/// What is found after the power failed now. It is looked at again only when it may be another.
struct Outcome {
    fate: Fate,
    directory: TempDir,
    orders: Option<Orders>,
    reservations: Option<Reservations>,
}

impl Outcome {
    fn new(fate: Fate) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { fate, directory, orders: None, reservations: None }
    }

    /// Forgets what `call` will change.
    fn change(&mut self, disk: &Disk, call: &Call) {
        let file = match call {
            Call::SyncBegins { .. } => return,
            Call::SyncEnds { thread } => disk.synced_by(*thread),
            // What is not synced is not there yet.
            _ if self.fate == Fate::Lost => return,
            Call::Open { file }
            | Call::Write { file, .. }
            | Call::Truncate { file, .. }
            | Call::Delete { file } => Some(file.as_str()),
        };
        let Some(file) = file else { return };
        if file.is_empty() || file.starts_with("order.") {
            self.orders = None;
        }
        if file.is_empty() || file.starts_with("inventory.") {
            self.reservations = None;
        }
    }

    /// Answers how many databases were opened.
    async fn look(&mut self, disk: &Disk, rng: &mut Rng, opened: usize) -> usize {
        let directory = self.directory.path();
        let mut count = 0;
        if self.orders.is_none() {
            lay_out(&disk.image("order.", self.fate, rng), directory);
            self.orders =
                Some(found::orders(directory, opened.is_multiple_of(THOROUGH_EVERY)).await);
            count += 1;
        }
        if self.reservations.is_none() {
            lay_out(&disk.image("inventory.", self.fate, rng), directory);
            let thorough = (opened + count).is_multiple_of(THOROUGH_EVERY);
            self.reservations = Some(found::reservations(directory, thorough).await);
            count += 1;
        }
        count
    }

    fn compare(&self, told: &BTreeMap<i64, Told>, at: i64) {
        if let (Some(orders), Some(reservations)) = (&self.orders, &self.reservations) {
            compare(orders, reservations, told, at);
        }
    }
}

/// A shop that is started after the cut has all its orders, and puts in order what was under way.
async fn restart(start: &Start, told: &BTreeMap<i64, Told>) {
    let database = Database::sqlite();
    let directory = database.directory().unwrap();
    lay_out(&start.image, directory);
    let mut shop = Agora::options().database(&database).start().await;
    assert_whole(&shop, start.fate).await;
    wait_until(DEADLINE, || found::is_settled(directory)).await;
    assert_whole(&shop, start.fate).await;
    assert!(shop.terminate().await.success(), "{}", shop.output());
    let orders = found::orders(directory, true).await;
    let reservations = found::reservations(directory, true).await;
    compare(&orders, &reservations, told, start.at);
}

/// Orders, reservations, counters and money agree.
async fn assert_whole(shop: &Agora, fate: Fate) {
    let verdict = shop.run(&["verify"]).await;
    let text = String::from_utf8_lossy(&verdict.stdout);
    assert!(verdict.status.success(), "{fate:?}: {text}\n{}", shop.output());
}
