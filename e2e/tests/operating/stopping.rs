//! Stopping: in time, with status 0, and with databases that are whole without their logs.

use crate::probe::base;
use std::fs;
use std::time::{Duration, Instant};
use testing::Agora;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Docker kills what has not ended by then.
const DOCKER_WAITS: Duration = Duration::from_secs(10);
/// Stops under load.
const STOPS: usize = 25;
/// Clients that never stop asking.
const CLIENTS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_whose_bodies_never_end_do_not_hold_the_exit() {
    for role in ["all", "router", "rest", "user"] {
        let mut part = Agora::options().argument("--role").argument(role).start().await;
        let mut bases = vec![];
        if role != "rest" {
            bases.push(base(part.url()).to_owned());
        }
        if matches!(role, "all" | "rest") {
            bases.push(part.rest_url("order").to_owned());
        }
        let mut held = Vec::new();
        for base in &bases {
            let path = if base.ends_with("order") { "/orders/" } else { "/graphql" };
            held.push(begin_request(base, path).await);
        }

        let asked = Instant::now();
        let status = part.terminate().await;

        assert_eq!(status.code(), Some(0), "{role}: {}", part.output());
        assert!(asked.elapsed() < DOCKER_WAITS, "{role} took {:?}", asked.elapsed());
        drop(held);
    }
}

/// The beginning of a request of which more never comes.
async fn begin_request(base: &str, path: &str) -> TcpStream {
    let host = base.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // Once the server asks for the body, the request is in progress.
    let mut answer = [0; 16];
    let read = tokio::time::timeout(DOCKER_WAITS, connection.read(&mut answer)).await;
    assert!(read.is_ok_and(|read| read.unwrap() > 0), "{base} does not ask for the body");
    connection.write_all(b"{\"query\": \"").await.unwrap();
    connection
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_stop_under_load_the_database_files_alone_are_the_whole_shop() {
    let mut shop = Agora::options().sample_data().start().await;
    for stop in 0..STOPS {
        let clients: Vec<_> = (0..CLIENTS).map(|_| keep_asking(shop.url())).collect();
        // The first answers are there: the readers have connections.
        let products = "{ products { nodes { name availableQuantity } } users { totalCount } }";
        shop.data(products, serde_json::Value::Null).await;
        // A different moment each time.
        tokio::task::yield_now().await;

        let status = shop.terminate().await;

        for client in clients {
            client.abort();
        }
        assert_eq!(status.code(), Some(0), "{stop}: {}", shop.output());
        let left: Vec<_> = fs::read_dir(shop.data_dir())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with("-wal") || name.ends_with("-shm"))
            .collect();
        assert!(left.is_empty(), "stop {stop} left {left:?}\n{}", shop.output());
        shop.restart().await;
    }
}

fn keep_asking(url: &str) -> tokio::task::JoinHandle<()> {
    let url = url.to_owned();
    let query = "{ products { nodes { name availableQuantity } } users { nodes { username } } }";
    let body = serde_json::json!({ "query": query });
    tokio::spawn(async move {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        while client.post(&url).json(&body).send().await.is_ok() {}
    })
}

#[tokio::test]
async fn a_terminal_that_is_closed_stops_every_role_cleanly() {
    for role in ["all", "user", "product", "inventory", "order", "router", "rest"] {
        let mut part = Agora::options().argument("--role").argument(role).start().await;
        part.signal("HUP");
        let status = part.ended().await;
        assert_eq!(status.code(), Some(0), "{role}: {}", part.output());
    }
}
