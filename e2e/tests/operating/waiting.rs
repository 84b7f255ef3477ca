//! Parts that start in any order, before what they need is there.

use crate::probe::{DEADLINE, URLS, base, becomes, status};
use e2e::parts::free_port;
use serde_json::{Value, json};
use std::time::Instant;
use testing::agora::{Options, Starting};
use testing::postgres::Cluster;
use testing::{Agora, Database, skipped, wait_until};

/// A line for one cause passes once within this number of seconds.
const WINDOW_SECONDS: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_and_sample_data_wait_for_each_other_and_for_postgresql() {
    let mut cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(reason) => return skipped("waiting for PostgreSQL", &reason),
    };
    let database = Database::on(cluster.url());
    cluster.stop().unwrap();
    let urls = URLS.map(|(role, variable)| (role, variable, free_port()));
    let part = |role: &'static str| -> Options {
        let port = urls.iter().find(|(name, ..)| *name == role).map(|(_, _, port)| *port);
        let options = Agora::options().database(&database).argument("--role").argument(role);
        let options = options.argument("--port").argument(port.unwrap_or_default().to_string());
        urls.iter().fold(options, |options, (_, variable, port)| {
            options.variable(*variable, format!("http://127.0.0.1:{port}/graphql"))
        })
    };

    // The last first.
    let began = Instant::now();
    let rest = part("rest").start().await;
    let router = part("router").sample_data().argument("--sample-data").spawn();
    let subgraphs = ["order", "inventory", "product", "user"].map(|role| part(role).spawn());
    for (_, _, port) in &urls {
        let base = format!("http://127.0.0.1:{port}");
        becomes(&base, 503).await;
        assert_eq!(status(&base, "/health").await, Some(200), "{base}");
    }
    let is_waiting = |part: &Starting, text: &str| part.output().1.contains(text);
    for part in &subgraphs {
        wait_until(DEADLINE, || async { is_waiting(part, "Waiting for PostgreSQL.") }).await;
    }
    wait_until(DEADLINE, || async { is_waiting(&router, "Waiting for another part.") }).await;

    cluster.start_again().unwrap();
    let most = began.elapsed().as_secs() / WINDOW_SECONDS + 1;
    for part in &subgraphs {
        let lines = part.output().1.matches("Waiting for PostgreSQL.").count();
        assert!(u64::try_from(lines).unwrap() <= most, "{most}: {}", part.output().1);
    }
    let mut running = Vec::new();
    for part in subgraphs {
        running.push(part.ready().await.unwrap_or_else(|error| panic!("{error}")));
    }
    let router = router.ready().await.unwrap_or_else(|error| panic!("{error}"));
    becomes(base(router.url()), 200).await;
    becomes(rest.rest_url("user"), 200).await;
    let counts = "{ users { totalCount } orders { totalCount } }";
    let expected = json!({ "users": { "totalCount": 2 }, "orders": { "totalCount": 2 } });
    assert_eq!(router.data(counts, Value::Null).await, expected);
}

#[tokio::test]
async fn a_wait_for_a_database_that_never_comes_ends_with_one_line() {
    let options = Agora::options()
        .argument("--database-url")
        .argument("postgres://agora@127.0.0.1:1/agora")
        .argument("--start-timeout")
        .argument("1");
    let Err(ended) = options.try_start().await else { panic!("there is no server") };

    assert_eq!(ended.status.and_then(|status| status.code()), Some(1), "{ended}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    assert!(ended.stderr.contains("--database-url"), "{ended}");
    assert_eq!(ended.stderr.matches("refused").count(), 1, "the cause is said once: {ended}");
}

#[tokio::test]
async fn sample_data_that_never_finds_its_subgraphs_ends_with_one_line() {
    let options = Agora::options().sample_data().argument("--sample-data");
    let options = options.argument("--role").argument("router");
    let urls = URLS.map(|(_, variable)| variable);
    let options = urls.into_iter().fold(options, |options, variable| {
        options.variable(variable, "http://127.0.0.1:1/graphql")
    });
    let Err(ended) = options.argument("--start-timeout").argument("1").try_start().await else {
        panic!("there is no subgraph")
    };

    assert_eq!(ended.status.and_then(|status| status.code()), Some(1), "{ended}");
    let line = ended.stderr.lines().last().unwrap_or_default();
    assert!(line.contains("--start-timeout") && line.contains("user"), "{ended}");
}
