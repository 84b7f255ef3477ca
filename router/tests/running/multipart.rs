//! Subscriptions in parts of `multipart/mixed`, byte by byte.

use crate::ROUTER;
use crate::support::raw::Connection;
use serde_json::json;

async fn subscribe(accept: &str, query: &str) -> Connection {
    let mut connection = Connection::open(ROUTER.address).await;
    let body = json!({ "query": query }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAccept: {accept}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    connection.write(request.as_bytes()).await;
    connection
}

const APOLLO: &str =
    "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\",application/json";

#[test]
fn each_event_is_sent_with_the_boundary_that_ends_it() {
    let query = r#"subscription { orderStatusChanged(id: "5") { status } }"#;
    ROUTER.block_on(async {
        let mut connection = subscribe(APOLLO, query).await;
        let head = connection.read_until("\r\n\r\n").await.to_lowercase();
        let expected =
            "content-type: multipart/mixed;boundary=\"graphql\";subscriptionspec=\"1.0\"";
        assert!(head.contains(expected), "{head}");
        for status in ["CONFIRMED", "SHIPPED"] {
            // Each part is one chunk of the transfer coding.
            connection.read_until("\r\nContent-Type: application/json\r\n\r\n").await;
            let part = connection.read_until("\r\n--graphql").await;
            let payload = json!({ "data": { "orderStatusChanged": { "status": status } } });
            assert_eq!(part, format!("{}\r\n--graphql", json!({ "payload": payload })));
        }
        // The stream is open, and nothing else has come.
        connection.read_until("\r\n").await;
        assert!(connection.is_silent().await);
    });
}

#[test]
fn a_stream_that_ends_has_a_last_boundary() {
    ROUTER.block_on(async {
        for (accept, payload, boundary) in [
            (APOLLO, r#"{"payload":{"data":{"counted":1}}}"#, "--graphql"),
            ("multipart/mixed", r#"{"data":{"counted":1}}"#, "---"),
        ] {
            let mut connection = subscribe(accept, "subscription { counted(to: 1) }").await;
            connection.read_until("\r\n\r\n").await;
            let body = connection.read_until("0\r\n\r\n").await;
            let body = dechunk(&body);
            let expected = format!(
                "\r\n{boundary}\r\nContent-Type: application/json\r\n\r\n{payload}\r\n{boundary}--\r\n"
            );
            assert_eq!(body, expected);
        }
    });
}

fn dechunk(mut chunks: &str) -> String {
    let mut body = String::new();
    while let Some((size, rest)) = chunks.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        body.push_str(&rest[..size]);
        chunks = &rest[size + 2..];
    }
    body
}

#[test]
fn queries_are_answered_as_json_unless_only_parts_are_accepted() {
    ROUTER.block_on(async {
        let mut connection = subscribe(APOLLO, "{ __typename }").await;
        let head = connection.read_until("\r\n\r\n").await;
        assert!(head.contains("content-type: application/json"), "{head}");

        let mut connection = subscribe("multipart/mixed;subscriptionSpec=1.0", "{ nothing }").await;
        let head = connection.read_until("\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let body = dechunk(&connection.read_until("0\r\n\r\n").await);
        assert!(body.contains(r#"{"payload":{"errors":["#), "{body}");
        assert!(body.ends_with("\r\n--graphql--\r\n"), "{body}");
    });
}
