//! The events of a subscription over HTTP: Server-Sent Events in the "distinct connections" mode
//! of the protocol GraphQL over SSE.

use super::http::{Answer, unreachable};
use super::{Call, Failure, Http, is_too_deep};
use crate::limits::READ_TIMEOUT;
use bytes::Bytes;
use chassis::server::HEARTBEAT;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, Limited};
use std::time::Duration;

/// The maximum size of an event.
const EVENT_BYTES: usize = 4 * 1024 * 1024;
/// How long nothing may be heard of a subgraph that sends heartbeats.
const SILENCE_TIMEOUT: Duration = HEARTBEAT.saturating_mul(3);
const EVENT_STREAM: &str = "text/event-stream";

/// The events as responses in JSON. A stream that breaks off ends with an error.
pub(super) fn subscribe(http: Http, call: Call) -> BoxStream<'static, Bytes> {
    let events = stream::unfold(Stage::Start(http, call), |stage| async move {
        match stage.next().await {
            Ok(Some((event, stage))) => Some((event, stage)),
            Ok(None) => None,
            Err(failure) => Some((failure.response(), Stage::End)),
        }
    });
    events.boxed()
}

enum Stage {
    Start(Http, Call),
    Open(Answer, Parser),
    End,
}

impl Stage {
    async fn next(self) -> Result<Option<(Bytes, Self)>, Failure> {
        let (mut answer, mut parser) = match self {
            Self::End => return Ok(None),
            Self::Open(answer, parser) => (answer, parser),
            Self::Start(http, call) => {
                let sending = http.send(&call, EVENT_STREAM);
                let answer = tokio::time::timeout(READ_TIMEOUT, sending).await;
                let answer = answer.map_err(|_| Failure::Late)??;
                let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
                if !kind.is_some_and(|kind| kind.starts_with(EVENT_STREAM)) {
                    return Ok(Some((single(answer).await?, Self::End)));
                }
                (answer, Parser::default())
            }
        };
        loop {
            match parser.event()? {
                Some(Event::Next(response)) if is_too_deep(&response) => {
                    let problem = "an event is nested too deeply".to_owned();
                    return Err(Failure::Unreachable(problem));
                }
                Some(Event::Next(response)) => {
                    return Ok(Some((response, Self::Open(answer, parser))));
                }
                Some(Event::Complete) => return Ok(None),
                None => {}
            }
            let frame = tokio::time::timeout(SILENCE_TIMEOUT, answer.body_mut().frame()).await;
            let frame = frame.map_err(|_| {
                Failure::Unreachable("the subscription shows no sign of life".to_owned())
            })?;
            match frame {
                Some(Ok(frame)) => {
                    parser.buffer.extend_from_slice(frame.data_ref().unwrap_or(&Bytes::new()))
                }
                Some(Err(error)) => return Err(unreachable(&error)),
                None => {
                    let problem = "the subscription broke off".to_owned();
                    return Err(Failure::Unreachable(problem));
                }
            }
        }
    }
}

/// A response that is not a stream: the subscription was refused.
async fn single(answer: Answer) -> Result<Bytes, Failure> {
    let body = Limited::new(answer.into_body(), EVENT_BYTES).collect();
    let body = tokio::time::timeout(READ_TIMEOUT, body).await.map_err(|_| Failure::Late)?;
    let body = body.map_err(|error| unreachable(&*error))?.to_bytes();
    if is_too_deep(&body) {
        return Err(Failure::Unreachable("the answer is nested too deeply".to_owned()));
    }
    Ok(body)
}

#[derive(Debug, PartialEq)]
enum Event {
    Next(Bytes),
    Complete,
}

/// Reads an event stream as the HTML standard describes it, however it is split into frames.
#[derive(Default)]
struct Parser {
    /// What has arrived and is not read.
    buffer: Vec<u8>,
    /// The bytes at the start of the buffer that have no end of line.
    scanned: usize,
    /// Fields of the event that is being read.
    kind: String,
    data: Vec<u8>,
}

impl Parser {
    /// The next event, or `None` if more bytes are needed.
    fn event(&mut self) -> Result<Option<Event>, Failure> {
        while let Some(line) = self.line() {
            if !line.is_empty() {
                self.field(&line);
                continue;
            }
            let (kind, mut data) = (std::mem::take(&mut self.kind), std::mem::take(&mut self.data));
            data.pop();
            match kind.as_str() {
                "next" => return Ok(Some(Event::Next(data.into()))),
                "complete" => return Ok(Some(Event::Complete)),
                _ => {}
            }
        }
        if self.buffer.len() + self.data.len() > EVENT_BYTES {
            return Err(Failure::Unreachable("an event is too large".to_owned()));
        }
        Ok(None)
    }

    fn line(&mut self) -> Option<Vec<u8>> {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let Some(found) = self.buffer[self.scanned..].iter().position(is_end) else {
            self.scanned = self.buffer.len();
            return None;
        };
        let end = self.scanned + found;
        let length = match (self.buffer[end], self.buffer.get(end + 1)) {
            (b'\n', _) => 1,
            // A line feed may follow in the next frame.
            (_, None) => {
                self.scanned = end;
                return None;
            }
            (_, Some(b'\n')) => 2,
            (_, Some(_)) => 1,
        };
        let mut line: Vec<u8> = self.buffer.drain(..end + length).collect();
        line.truncate(end);
        self.scanned = 0;
        Some(line)
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"event" => self.kind = String::from_utf8_lossy(value).into_owned(),
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ":\n\nevent: next\ndata: {\"a\":\ndata: 1}\n\n: alive\r\n\r\nevent:next\r\n\
                          data:{}\r\n\r\nid: 1\nevent: other\ndata: 2\n\nevent: complete\ndata:\n\n";

    fn expected() -> Vec<Event> {
        let next = |text: &'static str| Event::Next(Bytes::from_static(text.as_bytes()));
        vec![next("{\"a\":\n1}"), next("{}"), Event::Complete]
    }

    #[test]
    fn events_are_read_however_they_are_split() {
        for size in 1..=STREAM.len() {
            let (mut parser, mut events) = (Parser::default(), Vec::new());
            for chunk in STREAM.as_bytes().chunks(size) {
                parser.buffer.extend_from_slice(chunk);
                while let Some(event) = parser.event().unwrap() {
                    events.push(event);
                }
            }
            assert_eq!(events, expected(), "{size}");
        }
    }

    #[test]
    fn an_event_that_never_ends_is_a_failure() {
        let mut parser = Parser::default();
        parser.buffer.extend_from_slice(b"data: ");
        parser.buffer.resize(EVENT_BYTES + 1, b'x');
        assert!(matches!(parser.event(), Err(Failure::Unreachable(_))));
    }
}
