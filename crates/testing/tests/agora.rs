//! The process around Agora, tried with a stand-in: a shell script that becomes ready.
#![cfg(test)]

use serde_json::json;
use std::fs;
use testing::Agora;
use testing::agora::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A file of its own, not one written by the test: a file that was just written cannot be executed
/// while another thread starts a process.
const STAND_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stand-in.sh");

fn stand_in() -> Options {
    Agora::options().binary(STAND_IN).variable("URL", "http://127.0.0.1:1")
}

#[tokio::test]
async fn a_started_agora_knows_its_addresses() {
    let agora = stand_in().start().await;

    assert_eq!(agora.url(), "http://127.0.0.1:1");
    assert_eq!(agora.graphiql_url(), "http://127.0.0.1:1/ui");
    assert_eq!(agora.rest_url("user"), "http://127.0.0.1:1/user");
}

#[tokio::test]
async fn it_is_an_empty_shop_on_free_ports_unless_the_test_says_otherwise() {
    let plain = stand_in().start().await.output();
    let other = stand_in().sample_data().argument("--port").argument("4000").start().await.output();

    assert!(plain.contains("--port 0 --rest-ports 0,0,0,0"), "{plain}");
    assert!(plain.contains("--no-sample-data"), "{plain}");
    assert!(other.contains("--port 4000") && !other.contains("--port 0"), "{other}");
    assert!(!other.contains("sample-data"), "{other}");
}

#[tokio::test]
async fn it_ends_as_it_was_asked_to() {
    let mut agora = stand_in().start().await;

    let killed = agora.kill().await;
    agora.restart().await;
    let terminated = agora.terminate().await;

    assert_eq!(killed.code(), None);
    assert_eq!(terminated.code(), Some(0));
}

#[tokio::test]
async fn a_restart_finds_the_same_directory() {
    let mut agora = stand_in().start().await;

    agora.restart().await;

    let starts = fs::read_to_string(agora.data_dir().join("starts")).unwrap();
    assert_eq!(starts.lines().count(), 2);
}

#[tokio::test]
async fn another_command_runs_on_the_same_data() {
    let agora = stand_in().start().await;

    let output = agora.run(&["verify"]).await;

    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(agora.data_dir().to_str().unwrap()), "{said}");
}

#[tokio::test]
async fn a_start_that_fails_tells_how_and_why() {
    let failed = stand_in().argument("--refuse").try_start().await.unwrap_err();

    assert_eq!(failed.status.and_then(|status| status.code()), Some(1));
    assert!(failed.to_string().contains("choose another with --port"), "{failed}");
}

#[tokio::test]
async fn an_operation_is_posted_and_its_answer_given_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(answer_once(listener, r#"{"data":null,"errors":[]}"#));
    let agora = stand_in().variable("URL", url).start().await;

    let answer = agora.graphql("{ mug(id: $id) }", json!({ "id": 7 })).await;

    assert_eq!(answer, json!({ "data": null, "errors": [] }));
    let request = server.await.unwrap();
    assert!(request.starts_with("POST "), "{request}");
    assert!(request.contains(r#""variables":{"id":7}"#), "{request}");
}

async fn answer_once(listener: TcpListener, body: &str) -> String {
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        assert_ne!(connection.read_buf(&mut request).await.unwrap(), 0, "half a request");
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    connection.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(request).unwrap()
}
