//! graphql-transport-ws by the letter, however messages are split and joined.

use crate::ROUTER;
use crate::support::raw::{Connection, Frame, frame};
use serde_json::{Value, json};

const PROTOCOL: &str = "graphql-transport-ws";
const ENDLESS: &str = r#"subscription { orderStatusChanged(id: "5") { status } }"#;

async fn open() -> Connection {
    Connection::websocket(ROUTER.address, "/graphql", PROTOCOL).await
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": query } })
}

fn text(message: &Value) -> Vec<u8> {
    frame(1, true, message.to_string().as_bytes())
}

fn next(id: &str, data: Value) -> Value {
    json!({ "type": "next", "id": id, "payload": { "data": data } })
}

fn complete(id: &str) -> Value {
    json!({ "type": "complete", "id": id })
}

/// The code with which a connection is closed after these frames.
fn closed_after(initialised: bool, frames: &[u8]) -> u16 {
    ROUTER.block_on(async {
        let mut socket = open().await;
        if initialised {
            socket.init().await;
        }
        socket.write(frames).await;
        socket.close_code().await
    })
}

#[test]
fn queries_mutations_and_subscriptions_run_on_one_connection() {
    ROUTER.block_on(async {
        let mut socket = open().await;
        socket.init().await;
        for (query, data) in [
            ("{ __typename }", vec![json!({ "__typename": "Query" })]),
            (
                "mutation { renameProduct(id: 1) { id } }",
                vec![json!({ "renameProduct": { "id": "1" } })],
            ),
            (
                "subscription { counted(to: 2) }",
                vec![json!({ "counted": 1 }), json!({ "counted": 2 })],
            ),
        ] {
            // The same id may be used again once its operation has ended.
            socket.send(&subscribe("same", query)).await;
            for data in data {
                assert_eq!(socket.message().await, next("same", data));
            }
            assert_eq!(socket.message().await, complete("same"));
        }
    });
}

#[test]
fn messages_are_understood_however_they_are_split_and_joined() {
    let init = json!({ "type": "connection_init" });
    let (ping, query) = (json!({ "type": "ping" }), subscribe("1", "{ __typename }"));
    let joined = [text(&init), text(&ping), text(&query)].concat();
    let fragmented = |message: &Value| -> Vec<u8> {
        let bytes = message.to_string().into_bytes();
        let (first, rest) = bytes.split_at(1);
        let (middle, last) = rest.split_at(rest.len() / 2);
        // A control frame may come between the fragments.
        [
            frame(1, false, first),
            frame(9, true, b"between"),
            frame(0, false, middle),
            frame(0, false, b""),
            frame(0, true, last),
        ]
        .concat()
    };
    let pieces = [&init, &ping, &query].map(fragmented).concat();
    ROUTER.block_on(async {
        for (frames, slowly) in
            [(&joined, false), (&joined, true), (&pieces, false), (&pieces, true)]
        {
            let mut socket = open().await;
            match slowly {
                true => socket.write_slowly(frames).await,
                false => socket.write(frames).await,
            }
            let mut messages = Vec::new();
            while messages.len() < 4 {
                match socket.frame().await {
                    Frame::Text(message) => messages.push(message),
                    Frame::Pong(data) => assert_eq!(data, b"between"),
                    other => panic!("{other:?}"),
                }
            }
            let data = json!({ "__typename": "Query" });
            let ack = json!({ "type": "connection_ack" });
            assert_eq!(messages, [ack, json!({ "type": "pong" }), next("1", data), complete("1")]);
        }
    });
}

#[test]
fn an_operation_that_is_completed_at_once_says_nothing() {
    ROUTER.block_on(async {
        let mut socket = open().await;
        socket.init().await;
        let frames = [text(&subscribe("1", ENDLESS)), text(&complete("1"))].concat();
        socket.write(&frames).await;
        // Its id is free.
        socket.send(&subscribe("1", "{ __typename }")).await;
        assert_eq!(socket.message().await, next("1", json!({ "__typename": "Query" })));
        assert_eq!(socket.message().await, complete("1"));
        assert!(socket.is_silent().await);
    });
}

#[test]
fn what_the_protocol_forbids_closes_the_connection_with_its_code() {
    let init = text(&json!({ "type": "connection_init" }));
    let query = text(&subscribe("1", "{ __typename }"));
    let endless = text(&subscribe("1", ENDLESS));
    let nested = format!("{{\"type\":\"ping\",\"payload\":{}}}", "[".repeat(4_000));
    let large = format!(r#"{{"type":"ping","payload":{{"x":"{}"}}}}"#, "x".repeat(70_000));
    let half = &large.as_bytes()[..40_000];
    let table: Vec<(&str, bool, Vec<u8>, u16)> = vec![
        ("an operation before the initialisation", false, query, 4401),
        ("the same id twice", true, [endless.clone(), endless].concat(), 4409),
        ("two initialisations", true, init, 4429),
        ("no JSON", true, frame(1, true, b"nonsense"), 4400),
        ("no JSON before the initialisation", false, frame(1, true, b"nonsense"), 4400),
        ("an unknown type", true, text(&json!({ "type": "start" })), 4400),
        ("a binary message", true, frame(2, true, b"{\"type\":\"ping\"}"), 4400),
        ("deep nesting", true, frame(1, true, nested.as_bytes()), 4400),
        ("a large message", true, frame(1, true, large.as_bytes()), 1009),
        (
            "a large message in fragments",
            true,
            [frame(1, false, half), frame(0, true, half)].concat(),
            1009,
        ),
        ("no UTF-8", true, frame(1, true, b"\"\xff\""), 1007),
        ("an unknown opcode", true, frame(3, true, b""), 1002),
        ("a frame without a mask", true, vec![0x81, 2, b'{', b'}'], 1002),
        ("a fragment of nothing", true, frame(0, true, b"x"), 1002),
    ];
    for (what, initialised, frames, expected) in table {
        assert_eq!(closed_after(initialised, &frames), expected, "{what}");
    }
}

#[test]
fn a_client_that_does_not_speak_the_protocol_is_told_so() {
    for protocol in ["graphql-ws", "chat, superchat"] {
        let code = ROUTER.block_on(async {
            Connection::websocket(ROUTER.address, "/graphql", protocol).await.close_code().await
        });
        assert_eq!(code, 4406, "{protocol}");
    }
    ROUTER.block_on(async {
        let offers = "graphql-ws, graphql-transport-ws";
        Connection::websocket(ROUTER.address, "/graphql/", offers).await.init().await;
    });
}

#[test]
fn a_close_frame_is_answered_and_then_the_connection_ends() {
    ROUTER.block_on(async {
        let mut socket = open().await;
        socket.init().await;
        socket.send(&subscribe("1", ENDLESS)).await;
        let mut data = 1000_u16.to_be_bytes().to_vec();
        data.extend_from_slice(b"bye");
        socket.write(&frame(8, true, &data)).await;
        assert_eq!(socket.close_code().await, 1000);
        assert_eq!(socket.frame().await, Frame::Cut);
    });
}

#[test]
fn pings_of_either_kind_are_answered() {
    ROUTER.block_on(async {
        let mut socket = open().await;
        socket.write(&frame(9, true, b"data")).await;
        assert_eq!(socket.frame().await, Frame::Pong(b"data".to_vec()));
        // Also before the initialisation, and pongs that nobody asked for are fine.
        socket.send(&json!({ "type": "pong", "payload": { "a": 1 } })).await;
        socket.send(&json!({ "type": "ping", "payload": { "a": 1 } })).await;
        let pong = json!({ "type": "pong", "payload": { "a": 1 } });
        assert_eq!(socket.message().await, pong);
        socket.init().await;
    });
}

#[test]
fn what_is_wrong_with_an_operation_is_told_in_full_and_the_connection_stays() {
    ROUTER.block_on(async {
        let mut socket = open().await;
        socket.init().await;
        socket.send(&subscribe("1", "{ nothing product(id: 1) { nowhere } }")).await;
        let error = socket.message().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("1")), "{error}");
        let errors = error["payload"].as_array().unwrap();
        assert_eq!(errors.len(), 2, "{error}");
        for error in errors {
            assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
            assert!(error["locations"][0]["line"].is_u64(), "{error}");
        }
        socket.send(&subscribe("1", "{ __typename }")).await;
        assert_eq!(socket.message().await["type"], "next");
    });
}

#[test]
fn a_connection_runs_a_limited_number_of_operations() {
    ROUTER.block_on(async {
        let mut socket = open().await;
        socket.init().await;
        let all: Vec<u8> =
            (0..101).flat_map(|n| text(&subscribe(&n.to_string(), ENDLESS))).collect();
        socket.write(&all).await;
        loop {
            let message = socket.message().await;
            if message["type"] == "error" {
                assert_eq!(message["id"], "100");
                assert_eq!(message["payload"][0]["extensions"]["code"], "UNAVAILABLE");
                break;
            }
        }
    });
}

#[test]
fn a_handshake_that_is_not_one_is_refused() {
    let handshake = |lines: &str| {
        format!(
            "GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\
             {lines}\r\n"
        )
    };
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (lines, status) in [
        (format!("Sec-WebSocket-Version: 8\r\n{key}"), "426"),
        (key.to_owned(), "426"),
        ("Sec-WebSocket-Version: 13\r\n".to_owned(), "400"),
    ] {
        let request = handshake(&lines);
        let answer = ROUTER.block_on(async {
            let mut connection = Connection::open(ROUTER.address).await;
            connection.write(request.as_bytes()).await;
            connection.read_until("\r\n\r\n").await
        });
        assert_eq!(&answer[9..12], status, "{answer}");
    }
}
