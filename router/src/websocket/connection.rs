//! One client's connection, from its first message to the end of the closing handshake.

use super::PROTOCOL;
use super::message::{self, Close, Received};
use super::operations::{MAX_OPERATIONS, Operations, Report};
use crate::edge::Edge;
use crate::problem::Problem;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use axum::http::StatusCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite;

/// How long a client may take to initialise the connection.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to answer a Close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Serves a connection until either side closes it. `speaks` says whether the client has offered
/// the protocol.
pub(super) async fn serve(edge: Arc<Edge>, mut socket: WebSocket, speaks: bool) {
    let cutting = edge.connections.cutting.clone();
    let serving = async {
        let close = match speaks {
            true => Client::new(edge).serve(&mut socket).await,
            false => Some(Close::new(4406, format!("Subprotocol not acceptable: use {PROTOCOL}"))),
        };
        finish(socket, close).await;
    };
    tokio::select! {
        () = serving => {}
        () = cutting.cancelled() => {}
    }
}

/// Sends a Close frame, if the client has not sent one, and waits for the answer.
async fn finish(mut socket: WebSocket, close: Option<Close>) {
    let handshake = async {
        if let Some(Close(code, reason)) = close {
            let frame = CloseFrame { code, reason: reason.into() };
            if socket.send(Message::Close(Some(frame))).await.is_err() {
                return;
            }
        }
        // What the client still sends is not read; its Close frame is answered on the way.
        while let Some(Ok(_)) = socket.recv().await {}
    };
    let _ = timeout(CLOSE_TIMEOUT, handshake).await;
}

struct Client {
    edge: Arc<Edge>,
    acknowledged: bool,
    operations: Operations,
    reports: mpsc::Receiver<Report>,
    /// When something was heard of the client last.
    heard: Instant,
    /// The router stops.
    stopping: bool,
}

/// What happens next.
enum Step {
    Send(Option<Utf8Bytes>),
    Ping,
    Close(Close),
    /// The client is gone, or has sent a Close frame.
    Leave,
}

impl Client {
    fn new(edge: Arc<Edge>) -> Self {
        let (operations, reports) = Operations::new(Arc::clone(&edge));
        Self {
            edge,
            acknowledged: false,
            operations,
            reports,
            heard: Instant::now(),
            stopping: false,
        }
    }

    /// Returns why the server closes the connection; `None` when the client has closed it.
    async fn serve(mut self, socket: &mut WebSocket) -> Option<Close> {
        let init_deadline = Instant::now() + INIT_TIMEOUT;
        let mut heartbeat = interval(self.edge.connections.limits.silence / 3);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        let stopping = self.edge.stopping.clone();
        let silence = self.edge.connections.limits.silence;
        loop {
            let step = tokio::select! {
                message = socket.recv() => self.hear(message),
                Some(report) = self.reports.recv() => Step::Send(self.operations.accept(report)),
                () = sleep_until(init_deadline), if !self.acknowledged => {
                    Step::Close(Close::new(4408, "Connection initialisation timeout"))
                }
                () = stopping.cancelled(), if !self.stopping => {
                    self.stopping = true;
                    Step::Send(None)
                }
                _ = heartbeat.tick() => match self.heard.elapsed() > silence {
                    true => Step::Close(Close::new(4499, "Terminated: no sign of life")),
                    false => Step::Ping,
                },
            };
            let sent = match step {
                Step::Send(None) => Ok(()),
                Step::Send(Some(text)) => socket.send(Message::Text(text)).await,
                Step::Ping => socket.send(Message::Ping(bytes::Bytes::new())).await,
                Step::Close(close) => return Some(close),
                Step::Leave => return None,
            };
            if sent.is_err() {
                return None;
            }
            // Queries and mutations in progress are answered before.
            if self.stopping && !self.operations.has_short() {
                return Some(Close::new(1001, "Going away: the router is stopping"));
            }
        }
    }

    fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Step {
        self.heard = Instant::now();
        match message {
            Some(Ok(Message::Text(text))) => match self.handle(&text) {
                Ok(reply) => Step::Send(reply),
                Err(close) => Step::Close(close),
            },
            Some(Ok(Message::Binary(_))) => {
                Step::Close(Close::new(4400, "messages are text, not binary"))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Step::Send(None),
            Some(Ok(Message::Close(_))) | None => Step::Leave,
            Some(Err(error)) => broken(error).map_or(Step::Leave, Step::Close),
        }
    }

    fn handle(&mut self, text: &str) -> Result<Option<Utf8Bytes>, Close> {
        match Received::parse(text)? {
            Received::Init if self.acknowledged => {
                Err(Close::new(4429, "Too many initialisation requests"))
            }
            Received::Init => {
                self.acknowledged = true;
                Ok(Some(message::ack()))
            }
            Received::Ping(payload) => Ok(Some(message::pong(payload))),
            Received::Pong => Ok(None),
            Received::Complete(id) => {
                self.operations.stop(&id);
                Ok(None)
            }
            Received::Subscribe(..) if !self.acknowledged => Err(Close::new(4401, "Unauthorized")),
            Received::Subscribe(id, _) if self.operations.contains(&id) => {
                // A Close frame has room for 123 bytes.
                let id: String = id.chars().take(20).collect();
                Err(Close::new(4409, format!("Subscriber for {id} already exists")))
            }
            Received::Subscribe(id, _) if self.operations.are_too_many() => {
                let message = format!("more than {MAX_OPERATIONS} operations on one connection");
                let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message);
                Ok(Some(message::error(&id, &problem.body())))
            }
            Received::Subscribe(id, _) if self.stopping => {
                Ok(Some(message::error(&id, &Problem::stopping().body())))
            }
            Received::Subscribe(id, parameters) => {
                self.operations.start(id, parameters);
                Ok(None)
            }
        }
    }
}

/// The Close frame for frames that break the protocol; `None` when the connection is gone.
fn broken(error: axum::Error) -> Option<Close> {
    let error = error.into_inner();
    match error.downcast_ref::<tungstenite::Error>()? {
        tungstenite::Error::Capacity(_) => Some(Close::new(1009, "the message is too large")),
        tungstenite::Error::Utf8(_) => Some(Close::new(1007, "the text is not UTF-8")),
        tungstenite::Error::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => None,
        tungstenite::Error::Protocol(error) => {
            let reason: String = error.to_string().chars().take(30).collect();
            Some(Close::new(1002, reason))
        }
        _ => None,
    }
}
