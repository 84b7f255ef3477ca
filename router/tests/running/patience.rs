//! Clients that take too long, or too much. Two of these tests take as long as the router's patience;
//! the others have routers with less.

use crate::ROUTER;
use crate::support::Router;
use crate::support::raw::{Connection, Frame};
use router::{Limits, TrustedDocuments};
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);
const REQUEST: &[u8] = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

fn router(limits: Limits) -> Router {
    Router::start_within(true, &[], TrustedDocuments::default(), limits)
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let answer = ROUTER.block_on(async {
        let mut connection = Connection::open(ROUTER.address).await;
        let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                    Content-Length: 100\r\n\r\n{";
        connection.write(head.as_bytes()).await;
        connection.read_to_end().await
    });

    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

#[test]
fn a_websocket_that_is_not_initialised_is_closed() {
    let code = ROUTER.block_on(async {
        let protocol = "graphql-transport-ws";
        let mut socket = Connection::websocket(ROUTER.address, "/graphql", protocol).await;
        // Other messages do not count.
        socket.send(&serde_json::json!({ "type": "ping" })).await;
        socket.close_code().await
    });

    assert_eq!(code, 4408);
}

#[test]
fn a_connection_that_is_not_used_is_closed() {
    let router = router(Limits { idle: SHORT, ..Limits::default() });
    router.block_on(async {
        let mut silent = Connection::open(router.address).await;
        let mut half = Connection::open(router.address).await;
        half.write(&REQUEST[..20]).await;
        let mut used = Connection::open(router.address).await;
        used.write(REQUEST).await;
        assert!(used.read_to_end().await.starts_with("HTTP/1.1 200"));
        assert_eq!(silent.read_to_end().await, "");
        assert!(!half.read_to_end().await.starts_with("HTTP/1.1 200"));
    });
}

#[test]
fn a_connection_beyond_the_limit_waits_until_another_one_is_closed() {
    let router = router(Limits { connections: 2, ..Limits::default() });
    router.block_on(async {
        let mut first = Connection::open(router.address).await;
        first.write(REQUEST).await;
        first.read_until("\r\n\r\n").await;
        let mut second = Connection::open(router.address).await;
        second.write(REQUEST).await;
        second.read_until("\r\n\r\n").await;

        let mut third = Connection::open(router.address).await;
        third.write(REQUEST).await;
        assert!(third.is_silent().await);
        drop(first);
        assert!(third.read_until("\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    });
}

#[test]
fn a_client_that_does_not_read_its_answers_is_given_up() {
    let router = router(Limits { write: SHORT, connections: 1, ..Limits::default() });
    router.block_on(async {
        let mut client = Connection::open(router.address).await;
        let page = "GET /graphiql HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
        // More than the buffers of both sides hold.
        let asked = client.try_write(page.repeat(200_000).as_bytes()).await;
        // The only place is free again: another client is served.
        let mut other = Connection::open(router.address).await;
        other.write(REQUEST).await;
        assert!(other.read_until("\r\n\r\n").await.starts_with("HTTP/1.1 200"));
        assert!(!asked, "the client was to be cut off while it asked");
    });
}

#[test]
fn a_websocket_that_does_not_answer_is_closed() {
    let router = router(Limits { silence: SHORT, ..Limits::default() });
    router.block_on(async {
        let protocol = "graphql-transport-ws";
        let mut socket = Connection::websocket(router.address, "/graphql", protocol).await;
        socket.send(&serde_json::json!({ "type": "connection_init" })).await;
        let mut pings = 0;
        loop {
            match socket.frame().await {
                Frame::Ping => pings += 1,
                Frame::Close(code, _) => {
                    assert_eq!(code, 4499);
                    break;
                }
                Frame::Text(message) => assert_eq!(message["type"], "connection_ack"),
                other => panic!("{other:?}"),
            }
        }
        assert!(pings > 0);
    });
}
