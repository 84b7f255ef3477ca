//! The bytes of each protocol.
//!
//! Each chunk of a multipart stream ends with the boundary that ends its part, because clients do
//! not read a part before they see where it ends.

use crate::accept::Streamed;
use bytes::Bytes;
use serde_json::json;

/// The code of the error with which subscriptions end when the router stops.
const STOPPING_CODE: &str = "SUBSCRIPTION_SCHEMA_RELOAD";
const PART: &str = "\r\nContent-Type: application/json\r\n\r\n";

impl Streamed {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Events => "text/event-stream",
            Self::Apollo => "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"",
            Self::Multipart => "multipart/mixed;boundary=\"-\"",
        }
    }

    const fn boundary(self) -> &'static str {
        match self {
            Self::Events => "",
            Self::Apollo => "\r\n--graphql",
            Self::Multipart => "\r\n---",
        }
    }

    /// What is sent at once, so that the client sees the head of the response.
    pub(super) fn opening(self) -> Bytes {
        match self {
            Self::Events => Bytes::from_static(b":\n\n"),
            Self::Apollo | Self::Multipart => Bytes::from_static(self.boundary().as_bytes()),
        }
    }

    /// A GraphQL response.
    pub(super) fn event(self, body: &[u8]) -> Bytes {
        match self {
            Self::Events => event("next", &[body]),
            Self::Apollo => self.part(&[b"{\"payload\":", body, b"}"]),
            Self::Multipart => self.part(&[body]),
        }
    }

    /// What shows that the stream is still open.
    pub(super) fn heartbeat(self) -> Bytes {
        match self {
            Self::Events => Bytes::from_static(b":\n\n"),
            Self::Apollo => self.part(&[b"{}"]),
            // Without a part of its own: white space may follow a boundary.
            Self::Multipart => Bytes::from_static(b" "),
        }
    }

    /// The error with which a subscription ends when the router stops.
    pub(super) fn farewell(self) -> Bytes {
        let errors = stopping_errors();
        match self {
            Self::Events | Self::Multipart => self.event(errors.to_string().as_bytes()),
            Self::Apollo => {
                let body = json!({ "payload": null, "errors": errors["errors"] });
                self.part(&[body.to_string().as_bytes()])
            }
        }
    }

    pub(super) fn end(self) -> Bytes {
        match self {
            // Browsers do not report an event without data.
            Self::Events => event("complete", &[]),
            Self::Apollo | Self::Multipart => Bytes::from_static(b"--\r\n"),
        }
    }

    fn part(self, pieces: &[&[u8]]) -> Bytes {
        let mut part = PART.as_bytes().to_vec();
        pieces.iter().for_each(|piece| part.extend_from_slice(piece));
        part.extend_from_slice(self.boundary().as_bytes());
        part.into()
    }
}

/// `{"errors": […]}` for subscriptions that end because the router stops.
pub(super) fn stopping_errors() -> serde_json::Value {
    let message = "the router is stopping: subscribe again";
    json!({ "errors": [{ "message": message, "extensions": { "code": STOPPING_CODE } }] })
}

/// One server-sent event whose data are these pieces, joined. A line break in the data would end
/// the field, so that each line is a field of its own.
pub(super) fn event(name: &str, data: &[&[u8]]) -> Bytes {
    let mut event = format!("event: {name}\ndata: ").into_bytes();
    for byte in data.iter().flat_map(|piece| piece.iter()) {
        match byte {
            b'\n' => event.extend_from_slice(b"\ndata: "),
            b'\r' => {}
            byte => event.push(*byte),
        }
    }
    event.extend_from_slice(b"\n\n");
    event.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_lines_with_an_empty_line_after_them() {
        let form = Streamed::Events;
        assert_eq!(form.event(b"{\"data\":{}}"), "event: next\ndata: {\"data\":{}}\n\n");
        assert_eq!(form.event(b"{\r\n}"), "event: next\ndata: {\ndata: }\n\n");
        assert_eq!(form.end(), "event: complete\ndata: \n\n");
        assert_eq!(form.heartbeat(), ":\n\n");
    }

    #[test]
    fn a_part_is_sent_with_the_boundary_that_ends_it() {
        for (form, boundary, body) in [
            (Streamed::Apollo, "\r\n--graphql", "{\"payload\":{\"data\":1}}"),
            (Streamed::Multipart, "\r\n---", "{\"data\":1}"),
        ] {
            assert_eq!(form.opening(), boundary);
            let part = form.event(b"{\"data\":1}");
            assert_eq!(part, format!("\r\nContent-Type: application/json\r\n\r\n{body}{boundary}"));
            assert_eq!(form.end(), "--\r\n");
        }
    }

    #[test]
    fn apollo_clients_see_the_end_of_the_router_as_an_error_of_the_transport() {
        let farewell = Streamed::Apollo.farewell();
        let text = std::str::from_utf8(&farewell).unwrap();
        assert!(text.contains("\"payload\":null") && text.contains(STOPPING_CODE), "{text}");
    }
}
