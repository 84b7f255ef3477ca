//! HTTP as it is written: hosts, targets, chunks, trailers, codings and limits.

use crate::ROUTER;
use crate::support::http;
use crate::support::raw::Connection;
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use serde_json::{Value, json};
use std::io::Read;

const QUERY: &str = r#"{"query":"{ __typename }"}"#;

fn exchange(request: &str) -> String {
    ROUTER.block_on(Connection::exchange(ROUTER.address, request))
}

fn post(target: &str, headers: &str, body: &str) -> String {
    exchange(&format!(
        "POST {target} HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
         {headers}\r\n{body}"
    ))
}

fn with_length(headers: &str) -> String {
    format!("{headers}Content-Length: {}\r\n", QUERY.len())
}

#[test]
fn a_request_names_its_host_once() {
    for (headers, status) in [
        ("", "HTTP/1.1 400"),
        ("Host: a\r\nHost: b\r\n", "HTTP/1.1 400"),
        ("Host: a\r\n", "HTTP/1.1 200"),
    ] {
        let answer = post("/graphql", &with_length(headers), QUERY);
        assert!(answer.starts_with(status), "{headers}: {answer}");
    }
    let old = exchange("GET /health HTTP/1.0\r\n\r\n");
    assert!(old.starts_with("HTTP/1.0 200"), "{old}");
}

#[test]
fn a_target_may_be_a_whole_url() {
    let answer = post("http://a.example/graphql", &with_length("Host: a.example\r\n"), QUERY);

    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""Query""#), "{answer}");
}

#[test]
fn a_body_may_come_in_chunks_with_trailers() {
    let (first, second) = QUERY.split_at(7);
    let body = format!(
        "{:x}\r\n{first}\r\n{:x};name=value\r\n{second}\r\n0\r\nX-Checksum: 1\r\n\r\n",
        first.len(),
        second.len()
    );
    let headers = "Host: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n";
    let answer = post("/graphql", headers, &body);

    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""Query""#), "{answer}");
}

#[test]
fn a_request_may_come_byte_by_byte_and_two_may_come_at_once() {
    let request = |connection: &str| {
        format!(
            "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
             Connection: {connection}\r\nContent-Length: {}\r\n\r\n{QUERY}",
            QUERY.len()
        )
    };
    ROUTER.block_on(async {
        let mut connection = Connection::open(ROUTER.address).await;
        connection.write_slowly(request("keep-alive").as_bytes()).await;
        connection.read_until(r#""Query"}}"#).await;
        connection.write((request("keep-alive") + &request("close")).as_bytes()).await;
        let answers = connection.read_to_end().await;
        assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{answers}");
    });
}

#[test]
fn a_body_that_grows_too_large_is_refused() {
    let chunk = format!("{:x}\r\n{}\r\n", 64 * 1024, "x".repeat(64 * 1024));
    let headers = "Host: a\r\nTransfer-Encoding: chunked\r\n";
    let answer = post("/graphql", headers, &chunk.repeat(5));

    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("PAYLOAD_TOO_LARGE_BODY_STREAM"), "{answer}");
}

#[test]
fn a_connection_whose_request_was_not_read_to_its_end_is_announced_to_close() {
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\n";
    let unread = [
        format!("{head}Content-Type: application/json\r\nContent-Length: 300000\r\n\r\n{{"),
        format!("{head}Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\nhello"),
        format!("{head}Accept: image/png\r\nContent-Length: 1000\r\n\r\nhello"),
        "PATCH /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".to_owned(),
    ];
    for request in unread {
        let answer = exchange(&request);
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
    }

    // A body that was read leaves the connection open, whatever the answer is.
    let body = r#"{"query": 1}"#;
    let length = body.len();
    let read =
        format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
    ROUTER.block_on(async {
        let mut connection = Connection::open(ROUTER.address).await;
        for _ in 0..2 {
            connection.write(read.as_bytes()).await;
            let answer = connection.read_until("]}").await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
            assert!(!answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
        }
    });
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let long = format!("Host: a\r\nX-Long: {}\r\n", "x".repeat(17 * 1024));
    let many = format!("Host: a\r\n{}", "X: y\r\n".repeat(200));
    let fits = format!("Host: a\r\nX-Long: {}\r\n", "x".repeat(15 * 1024));
    for (headers, status) in [(long, "431"), (many, "431"), (fits, "200")] {
        let answer = post("/graphql", &with_length(&headers), QUERY);
        assert_eq!(&answer[9..12], status, "{answer}");
    }
}

#[test]
fn what_is_not_http_is_refused() {
    for request in ["nonsense\r\n\r\n", "GET /graphql HTTP/1.1\r\nHost : a\r\n\r\n"] {
        let answer = exchange(request);
        assert!(answer.starts_with("HTTP/1.1 400"), "{request}: {answer}");
    }
}

#[test]
fn http_2_is_spoken_without_tls() {
    use http_body_util::{BodyExt, Full};
    use hyper::Request;
    use hyper_util::rt::{TokioExecutor, TokioIo};

    ROUTER.block_on(async {
        let stream = tokio::net::TcpStream::connect(ROUTER.address).await.unwrap();
        let (mut client, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        for _ in 0..2 {
            let request = Request::post(ROUTER.url("/graphql"))
                .header("content-type", "application/json")
                .body(Full::<bytes::Bytes>::from(QUERY))
                .unwrap();
            let response = client.send_request(request).await.unwrap();
            assert_eq!(response.status(), 200);
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body, r#"{"data":{"__typename":"Query"}}"#);
        }
        let request = Request::post(ROUTER.url("/graphql"))
            .header("x-long", "x".repeat(17 * 1024))
            .body(Full::<bytes::Bytes>::from(QUERY))
            .unwrap();
        let refused = client.send_request(request).await;
        assert!(refused.is_err() || refused.is_ok_and(|response| response.status() == 431));
    });
}

fn coded(accept_encoding: &str) -> (Option<String>, Vec<u8>) {
    let query = json!({ "query": "{ products(ids: [1, 2, 3, 4, 5]) { id name orders } }" });
    let post = http().post(ROUTER.url("/graphql")).json(&query);
    ROUTER.block_on(async {
        let response = post.header("accept-encoding", accept_encoding).send().await.unwrap();
        let coding = response.headers().get("content-encoding");
        let coding = coding.map(|coding| coding.to_str().unwrap().to_owned());
        (coding, response.bytes().await.unwrap().to_vec())
    })
}

#[test]
fn answers_are_compressed_as_the_client_asks() {
    let (none, plain) = coded("identity");
    assert_eq!(none, None);
    let expected: Value = serde_json::from_slice(&plain).unwrap();
    assert_eq!(expected["data"]["products"][4]["name"], "Product 5");
    for (asked, coding) in [
        ("gzip", Some("gzip")),
        ("br", Some("br")),
        ("GZIP", Some("gzip")),
        ("gzip;q=0.5, br;q=0.4", Some("gzip")),
        ("gzip;q=0", None),
        ("gzip;q=0, br;q=0", None),
        ("compress", None),
    ] {
        let (given, body) = coded(asked);
        assert_eq!(given.as_deref(), coding, "{asked}");
        if coding == Some("gzip") {
            let mut text = Vec::new();
            GzDecoder::new(&*body).read_to_end(&mut text).unwrap();
            assert_eq!(text, plain);
        }
    }
}

#[test]
fn a_body_may_be_compressed() {
    let zipped = |text: &str| {
        let mut bytes = Vec::new();
        GzEncoder::new(text.as_bytes(), Compression::best()).read_to_end(&mut bytes).unwrap();
        bytes
    };
    let bomb = json!({ "query": "{ renames }", "variables": { "x": "x".repeat(300_000) } });
    let table = [
        ("gzip", zipped(QUERY), 200, ""),
        ("identity", QUERY.into(), 200, ""),
        ("gzip", zipped(&bomb.to_string()), 413, "PAYLOAD_TOO_LARGE_BODY_STREAM"),
        ("gzip", QUERY.into(), 400, "DECOMPRESSION_FAILED"),
        ("rot13", QUERY.into(), 415, "UNSUPPORTED_CONTENT_ENCODING"),
    ];
    for (coding, body, status, expected) in table {
        let post = http().post(ROUTER.url("/graphql")).header("content-type", "application/json");
        let post = post.header("content-encoding", coding).body(body);
        let (given, answer) = ROUTER.block_on(async {
            let response = post.send().await.unwrap();
            (response.status(), response.json::<Value>().await.unwrap())
        });
        assert_eq!(given, status, "{coding}: {answer}");
        assert_eq!(crate::support::code(&answer), expected);
    }
}
