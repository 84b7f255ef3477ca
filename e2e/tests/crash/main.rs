//! The process dies at every named point in turn, comes back, and nothing is lost or doubled.
//!
//! The points are found in the sources; one that no scenario comes to fails the test.
#![cfg(test)]

mod points;
mod scenarios;
mod survivor;

use futures::StreamExt;
use futures::stream;
use scenarios::{SCENARIOS, Scenario};
use std::collections::BTreeSet;
use survivor::{DEADLINE, Survivor};
use testing::Database;
use tokio::time::timeout;

/// Shops at the same time. On PostgreSQL they mostly wait until an attempt that died is given up.
const SQLITE_SHOPS: usize = 3;
const POSTGRES_SHOPS: usize = 8;

/// On SQLite the process dies at each point of each scenario, and once more while it recovers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_wherever_the_process_dies_on_sqlite() {
    let mut runs = Vec::new();
    for (scenario, points) in passed(Database::sqlite).await {
        runs.extend(points.into_iter().map(|point| (scenario, point)));
    }
    let dying = runs.into_iter().map(|(scenario, point)| async move {
        die(scenario, &point, 2, &Database::sqlite()).await;
    });
    stream::iter(dying).buffer_unordered(SQLITE_SHOPS).collect::<()>().await;
}

/// On PostgreSQL it dies at each point once: there an attempt is given up after twenty seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_wherever_the_process_dies_on_postgres() {
    let Some(_server) = Database::postgres() else { return };
    let database = || Database::postgres().expect("the server was there a moment ago");
    let (mut runs, mut seen) = (Vec::new(), BTreeSet::new());
    for (scenario, points) in passed(database).await {
        let new = points.into_iter().filter(|point| seen.insert(point.clone()));
        runs.extend(new.map(|point| (scenario, point)));
    }
    let dying = runs.into_iter().map(|(scenario, point)| async move {
        die(scenario, &point, 1, &database()).await;
    });
    stream::iter(dying).buffer_unordered(POSTGRES_SHOPS).collect::<()>().await;
}

/// The points that each scenario comes to when nothing dies.
async fn passed(database: impl Fn() -> Database) -> Vec<(&'static Scenario, BTreeSet<String>)> {
    let walk = |scenario: &'static Scenario| {
        let database = database();
        async move {
            let mut survivor = Survivor::prepare(scenario, &database).await;
            let points = survivor.trace().await;
            survivor.finish().await;
            (scenario, points)
        }
    };
    let passed: Vec<_> = stream::iter(SCENARIOS).map(walk).buffered(SQLITE_SHOPS).collect().await;

    let found: BTreeSet<String> = passed.iter().flat_map(|(_, points)| points.clone()).collect();
    let known = points::in_the_sources();
    let missed: Vec<_> = known.difference(&found).collect();
    assert!(missed.is_empty(), "add a scenario that comes to {missed:?}");
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "these points are nowhere in the sources: {unknown:?}");
    passed
}

async fn die(scenario: &'static Scenario, point: &str, times: usize, database: &Database) {
    let mut survivor = Survivor::prepare(scenario, database).await;
    survivor.arm(point, times).await;
    let acted = timeout(DEADLINE, survivor.act()).await;
    assert!(acted.is_ok(), "{survivor}: no answer within {DEADLINE:?}");
    survivor.finish().await;
}
