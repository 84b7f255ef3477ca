//! Clients that take too long. These tests take as long as the router's patience.

use crate::ROUTER;
use crate::support::raw::Connection;

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
