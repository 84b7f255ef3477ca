//! The replayer notices what is answered otherwise.

use e2e::replay::{ControlStep, Services, parse, play};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

const TIME: &str = "2026-01-31T12:34:56.123456Z";

#[tokio::test]
async fn right_answers_pass() {
    let rows = [
        (json!({"a": 5}), json!({"status": 200, "body": {"a": 5.0}})),
        (json!({"a": "x", "b": [1]}), json!({"status": [404, 200], "body": {"b": [1], "a": "x"}})),
        (json!([]), json!({"status": 200})),
    ];
    for (answer, expect) in rows {
        assert_eq!(replay(&answer, json!({"expect": expect})).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn wrong_answers_fail_with_what_was_wanted_and_what_came() {
    let rows = [
        (json!({"a": 5}), json!({"a": "5"}), r#"/a: 5, not "5""#),
        (json!({"a": 5}), json!({}), r#""a" is unexpected"#),
        (json!({}), json!({"a": null}), r#""a" is missing"#),
        (json!([1, 2]), json!([2, 1]), "/0: 1, not 2"),
        (json!([1]), json!([]), "1 entries, not 0"),
    ];
    for (answer, body, problem) in rows {
        let failures = replay(&answer, json!({"expect": {"status": 200, "body": body}})).await;
        assert_eq!(failures.len(), 1, "{answer} for {body}");
        let failure = &failures[0];
        assert!(failure.contains(problem), "{failure}");
        assert!(failure.contains(&format!("wanted [200] {body} | got 200 {answer}")), "{failure}");
    }
}

#[tokio::test]
async fn statuses_types_and_headers_are_compared() {
    let rows = [
        (json!({"status": 201}), "status 200, not [201]"),
        (json!({"status": 200, "content_type": "text/html"}), "content type"),
        (json!({"status": 200, "headers": {"Allow": "GET, POST"}}), "allow"),
        (json!({"status": 200, "body": "", "body_kind": "empty"}), "the body is Json, not Empty"),
    ];
    for (expect, problem) in rows {
        let failures = replay(&json!({}), json!({"expect": expect})).await;
        assert!(failures.len() == 1 && failures[0].contains(problem), "{expect}: {failures:?}");
    }
    let allow = json!({"status": 200, "headers": {"Allow": "PUT, GET, HEAD"}});
    assert_eq!(replay(&json!({}), json!({"expect": allow})).await, Vec::<String>::new());
}

#[tokio::test]
async fn better_replaces_what_was_recorded_unless_it_is_a_quirk() {
    let both = json!({"expect": {"status": 200}, "better": {"status": 400}});
    assert_eq!(replay(&json!({}), both.clone()).await.len(), 1);
    let quirk = json!({"expect": both["expect"], "better": both["better"], "quirk": true});
    assert_eq!(replay(&json!({}), quirk).await.len(), 0);
}

#[tokio::test]
async fn volatile_values_are_compared_by_type_and_format() {
    let rows = [
        (json!({"t": "2027-05-06T07:08:09Z"}), true),
        (json!({"t": "2027-05-06 07:08:09"}), false),
        (json!({"t": null}), false),
    ];
    for (answer, passes) in rows {
        let expect = json!({"status": 200, "body": {"t": TIME}});
        let failures = replay(&answer, json!({"expect": expect, "volatile": ["/t"]})).await;
        assert_eq!(failures.is_empty(), passes, "{answer}: {failures:?}");
    }
}

#[tokio::test]
async fn relations_to_remembered_values_are_checked() {
    let answer = json!({"t": TIME});
    let save = json!({"expect": {"status": 200}, "save": {"before": "/t"}});
    for (operator, failures) in [("==", 0), (">=", 0), (">", 1)] {
        let check = json!({"expect": {"status": 200}, "check": [["/t", operator, "before"]]});
        assert_eq!(replay_all(&answer, vec![save.clone(), check]).await.len(), failures);
    }
}

async fn replay(answer: &Value, exchange: Value) -> Vec<String> {
    replay_all(answer, vec![exchange]).await
}

/// Plays exchanges against a server that answers all of them alike.
async fn replay_all(answer: &Value, mut exchanges: Vec<Value>) -> Vec<String> {
    for exchange in &mut exchanges {
        let request = json!({
            "id": "one", "group": "own", "service": "user", "method": "GET", "path": "/users/",
        });
        let Value::Object(request) = request else { unreachable!("it is an object") };
        exchange.as_object_mut().unwrap().extend(request);
    }
    let mut server = Same::start(answer.to_string(), exchanges.len());
    let recording = json!({"exchanges": exchanges}).to_string();
    let (passed, failures) = play(&parse(&recording), &mut server).await;
    assert_eq!(passed + failures.len(), exchanges.len());
    failures
}

/// A server that always answers the same.
struct Same(String);

impl Same {
    fn start(body: String, times: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for _ in 0..times {
                let (mut connection, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let mut seen = Vec::new();
                while !seen.ends_with(b"\r\n\r\n") {
                    let count = connection.read(&mut request).unwrap();
                    seen.extend_from_slice(&request[..count]);
                }
                let head = "HTTP/1.1 200 OK\r\nAllow: GET, PUT\r\nContent-Type: application/json";
                let length = body.len();
                write!(connection, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
            }
        });
        Self(base)
    }
}

impl Services for Same {
    fn base(&self, _: &str) -> String {
        self.0.clone()
    }

    async fn control(&mut self, step: &ControlStep) {
        panic!("nobody recorded {step:?}");
    }
}
