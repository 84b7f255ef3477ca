//! The log: one format in every role, and no flood of equal lines.

use crate::probe::DEADLINE;
use e2e::http::Request;
use serde_json::Value;
use std::time::{Duration, Instant};
use testing::postgres::Cluster;
use testing::{Agora, Database, skipped, wait_until};

/// A line for one cause passes once in this time.
const WINDOW: Duration = Duration::from_secs(10);
/// How long a database stays away.
const OUTAGE: Duration = Duration::from_secs(11);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_logs_json_without_colours_off_a_terminal() {
    for role in ["all", "user", "product", "inventory", "order", "router", "rest"] {
        let options = Agora::options().argument("--role").argument(role);
        let mut part = options.argument("--log").argument("info").start().await;
        part.terminate().await;

        let output = part.output();
        let (_, stderr) = output.split_once("--- stderr\n").unwrap();
        assert!(!output.contains('\u{1b}'), "{role}: colour codes: {output}");
        let mut lines = 0;
        for line in stderr.lines() {
            let line: Value =
                serde_json::from_str(line).unwrap_or_else(|_| panic!("{role}: {line}"));
            for member in ["timestamp", "level", "message", "target"] {
                assert!(line[member].is_string(), "{role}: {line}");
            }
            lines += 1;
        }
        assert!(lines > 0, "{role} logs nothing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_fills_no_log() {
    let cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(reason) => return skipped("the log while PostgreSQL is away", &reason),
    };
    let database = Database::on(cluster.url());
    let shop = Agora::options().database(&database).sample_data().start().await;
    cluster.stop().unwrap();
    let began = Instant::now();
    let rest = shop.rest_url("order");
    wait_until(DEADLINE, || async {
        let order = serde_json::json!({"user_id": 1, "shipping_address": "A",
            "items": [{"product_id": 5, "quantity": 1, "price": "1.00"}]});
        for request in [
            Request::new("GET", "/orders/"),
            Request::new("GET", "/users/"),
            Request::new("POST", "/orders/").json(&order),
        ] {
            assert_eq!(request.send(rest).await.unwrap().status, 503);
        }
        began.elapsed() > OUTAGE
    })
    .await;

    let output = shop.output();
    let (_, stderr) = output.split_once("--- stderr\n").unwrap();
    let mut seen: Vec<(Value, Value)> = Vec::new();
    let mut lines = 0;
    for line in stderr.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let at = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        // Where it was met is not what caused it.
        line.as_object_mut().unwrap().remove("path");
        let again = seen.iter().filter(|(_, other)| *other == line).count();
        let most = began.elapsed().as_secs() / WINDOW.as_secs() + 1;
        assert!(u64::try_from(again).unwrap() < most, "{at}: {line} again in\n{stderr}");
        seen.push((at, line));
        lines += 1;
    }
    assert!(lines > 0, "an outage leaves a trace");
}
