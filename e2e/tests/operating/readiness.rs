//! `/readiness` says whether a part can work now.

use crate::probe::{URLS, base, becomes, status, within};
use e2e::parts::free_port;
use std::time::{Duration, Instant};
use testing::postgres::Cluster;
use testing::{Agora, Database, skipped};

/// How soon a part is ready after its database or its neighbour came back.
const READY_AGAIN: Duration = Duration::from_secs(5);
/// How long an answer may take: the checks behind it are bounded.
const ANSWERED: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_not_ready_while_its_database_is_away_and_soon_after_it_is() {
    let mut cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(reason) => return skipped("readiness of PostgreSQL", &reason),
    };
    let database = Database::on(cluster.url());
    let mut parts = Vec::new();
    for role in ["all", "user", "order"] {
        let options = Agora::options().database(&database);
        parts.push(options.argument("--role").argument(role).start().await);
    }
    let bases: Vec<&str> = parts.iter().map(|part| base(part.url())).collect();
    let rest = parts[0].rest_url("order");
    for base in bases.iter().chain([&rest]) {
        assert_eq!(status(base, "/readiness").await, Some(200), "{base}");
    }

    // It comes back twice: what a first outage leaves behind must not spoil the second.
    for _ in 0..2 {
        cluster.stop().unwrap();
        for base in bases.iter().chain([&rest]) {
            becomes(base, 503).await;
            assert_eq!(status(base, "/health").await, Some(200), "{base}");
        }
        cluster.start_again().unwrap();
        for base in bases.iter().chain([&rest]) {
            within(READY_AGAIN, base, 200).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_not_ready_while_no_neighbour_is_that_it_needs() {
    let urls = URLS.map(|(role, variable)| {
        let port = free_port();
        (role, variable, port, format!("http://127.0.0.1:{port}/graphql"))
    });
    let part = |role: &'static str| {
        let options = Agora::options().argument("--role").argument(role);
        let port = urls.iter().find(|(name, ..)| *name == role).map(|(_, _, port, _)| *port);
        let port = port.unwrap_or_default().to_string();
        let options = options.argument("--port").argument(port);
        urls.iter().fold(options, |options, (_, name, _, url)| options.variable(*name, url))
    };
    let (router, rest) = (part("router").start().await, part("rest").start().await);
    let rests = ["user", "product", "inventory", "order"].map(|service| rest.rest_url(service));
    let router = base(router.url()).to_owned();

    assert_eq!(status(&router, "/readiness").await, Some(503), "there is no subgraph");
    for rest in rests {
        assert_eq!(status(rest, "/health").await, Some(200), "{rest}");
        assert_eq!(status(rest, "/readiness").await, Some(503), "{rest}");
    }

    // One subgraph is enough for its part of the graph.
    let mut user = part("user").start().await;
    for base in rests.iter().chain([&router.as_str()]) {
        within(READY_AGAIN, base, 200).await;
    }
    // It accepts connections and says nothing.
    user.signal("STOP");
    for base in rests.iter().chain([&router.as_str()]) {
        becomes(base, 503).await;
        let asked = Instant::now();
        assert_eq!(status(base, "/readiness").await, Some(503));
        assert!(asked.elapsed() < ANSWERED, "{:?}", asked.elapsed());
    }
    user.signal("CONT");
    for base in rests.iter().chain([&router.as_str()]) {
        within(READY_AGAIN, base, 200).await;
    }
    user.kill().await;
    for base in rests.iter().chain([&router.as_str()]) {
        becomes(base, 503).await;
    }
    user.restart().await;
    for base in rests.iter().chain([&router.as_str()]) {
        within(READY_AGAIN, base, 200).await;
    }
}
