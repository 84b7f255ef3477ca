//! The messages of the protocol as JSON.

use crate::parameters::Parameters;
use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// Why the server closes a connection: the code and the reason of the Close frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close(pub(super) u16, pub(super) String);

impl Close {
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        Self(code, reason.into())
    }

    fn bad(reason: impl Into<String>) -> Self {
        Self::new(4400, reason)
    }
}

/// A message of a client.
#[derive(Debug, PartialEq)]
pub(super) enum Received {
    Init,
    Ping(Option<Value>),
    Pong,
    Subscribe(String, Parameters),
    Complete(String),
}

impl Received {
    pub(super) fn parse(text: &str) -> Result<Self, Close> {
        if graph::json::is_too_deep(text.as_bytes()) {
            return Err(Close::bad("the message is nested too deep"));
        }
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
            return Err(Close::bad("a message is a JSON object"));
        };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Err(Close::bad("the message has no type"));
        };
        match kind.as_str() {
            "connection_init" => payload(&mut message).map(|_| Self::Init),
            "ping" => payload(&mut message).map(Self::Ping),
            "pong" => payload(&mut message).map(|_| Self::Pong),
            "complete" => id(&mut message).map(Self::Complete),
            "subscribe" => {
                let id = id(&mut message)?;
                let payload = payload(&mut message)?;
                let payload = payload.ok_or_else(|| Close::bad("the message has no payload"))?;
                let parameters = Parameters::from_value(payload)
                    .map_err(|problem| Close::bad(problem.message().to_owned()))?;
                let names_document = parameters.query.is_some()
                    || parameters.document_id.is_some()
                    || parameters.extensions.contains_key("persistedQuery");
                if !names_document {
                    return Err(Close::bad("the payload has no query"));
                }
                Ok(Self::Subscribe(id, parameters))
            }
            _ => Err(Close::bad("clients do not send messages of this type")),
        }
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        _ => Err(Close::bad("the id must be a string that is not empty")),
    }
}

fn payload(message: &mut Map<String, Value>) -> Result<Option<Value>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(payload @ Value::Object(_)) => Ok(Some(payload)),
        Some(_) => Err(Close::bad("the payload must be an object")),
    }
}

pub(super) fn ack() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"type":"connection_ack"}"#)
}

pub(super) fn pong(payload: Option<Value>) -> Utf8Bytes {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string().into(),
        None => Utf8Bytes::from_static(r#"{"type":"pong"}"#),
    }
}

pub(super) fn next(id: &str, body: &[u8]) -> Utf8Bytes {
    with_payload("next", id, body)
}

/// `body` is `{"errors": […]}`, of which the protocol wants the list.
pub(super) fn error(id: &str, body: &[u8]) -> Utf8Bytes {
    #[derive(Deserialize)]
    struct Body<'b> {
        #[serde(borrow)]
        errors: &'b RawValue,
    }
    let errors = serde_json::from_slice::<Body<'_>>(body).map(|body| body.errors.get());
    with_payload("error", id, errors.unwrap_or("[]").as_bytes())
}

pub(super) fn complete(id: &str) -> Utf8Bytes {
    json!({ "type": "complete", "id": id }).to_string().into()
}

fn with_payload(kind: &str, id: &str, payload: &[u8]) -> Utf8Bytes {
    let head = format!("{{\"type\":\"{kind}\",\"id\":{},\"payload\":", Value::from(id));
    let message = [head.as_bytes(), payload, b"}"].concat();
    // The graph writes JSON, which is UTF-8.
    Utf8Bytes::try_from(Bytes::from(message)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_message_closes_the_connection_with_4400() {
        let deep = format!(
            r#"{{"type":"ping","payload":{{"x":{}{}}}}}"#,
            "[".repeat(100),
            "]".repeat(100)
        );
        for text in [
            "",
            "nonsense",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"start","id":"1","payload":{"query":"{a}"}}"#,
            r#"{"type":"connection_init","payload":"token"}"#,
            r#"{"type":"ping","payload":[]}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            &deep,
        ] {
            let close = Received::parse(text).unwrap_err();
            assert!(close.0 == 4400 && close.1.len() <= 123, "{text}: {close:?}");
        }
    }

    #[test]
    fn messages_are_understood_with_and_without_their_optional_members() {
        for (text, expected) in [
            (r#"{"type":"connection_init"}"#, Received::Init),
            (r#"{"type":"connection_init","payload":{"token":"x"}}"#, Received::Init),
            (r#"{"type":"ping","payload":null}"#, Received::Ping(None)),
            (r#"{"type":"ping","payload":{"a":1}}"#, Received::Ping(Some(json!({ "a": 1 })))),
            (r#"{"id":"1","type":"complete"}"#, Received::Complete("1".to_owned())),
        ] {
            assert_eq!(Received::parse(text).unwrap(), expected);
        }
        let text = r#"{"id":"1","type":"subscribe","payload":{"query":"{a}","variables":null,
            "operationName":null,"extensions":null}}"#;
        assert!(matches!(Received::parse(text), Ok(Received::Subscribe(id, _)) if id == "1"));
    }

    #[test]
    fn ids_are_written_as_json() {
        let id = "a\"\\\u{1f600}\n";
        for message in [next(id, b"{}"), complete(id), error(id, br#"{"errors":[{"a":1}]}"#)] {
            let value: Value = serde_json::from_str(&message).unwrap();
            assert_eq!(value["id"], id);
        }
        let value: Value = serde_json::from_str(&error(id, br#"{"errors":[1]}"#)).unwrap();
        assert_eq!(value["payload"], json!([1]));
    }
}
