//! The single connection mode of GraphQL over Server-Sent Events: a client reserves a stream, opens
//! it, and starts and stops operations by requests of their own.

use super::frames::{event, stopping_errors};
use super::reservations::{Full, OpenStream, Place, Reservation};
use super::{HEARTBEAT, head};
use crate::accept::Streamed;
use crate::edge::{Edge, Refusal, next_event};
use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use connections::Endless;
use futures::stream;
use graph::Answer;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// PUT: reserves a stream.
pub(crate) fn reserve(edge: &Edge) -> Result<Response, Problem> {
    if edge.stopping.is_cancelled() {
        return Err(Problem::stopping());
    }
    let token = edge.reservations.add(edge.reserve_stream()?).ok_or_else(Problem::internal)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::CREATED, headers, token).into_response())
}

/// GET: opens a reserved stream.
pub(crate) fn open(edge: &Edge, token: &str) -> Result<Response, Problem> {
    let reservation = find(edge, token)?;
    let stream = edge
        .reservations
        .open(token, &reservation)
        .ok_or_else(|| conflict("the stream is open already"))?;
    let flow = Flow { stream, stopping: edge.stopping.clone(), opened: false, ended: false };
    let chunks = stream::unfold(flow, |mut flow| async move {
        let chunk = flow.next().await?;
        Some((chunk, flow))
    });
    let mut response = head(Streamed::Events, chunks);
    response.extensions_mut().insert(Endless);
    Ok(response)
}

/// POST or GET: starts an operation whose results come through the stream.
pub(crate) async fn start(
    edge: &Edge,
    token: &str,
    parameters: Parameters,
    may_write: bool,
    deadline: Instant,
) -> Result<Response, Refusal> {
    let reservation = find(edge, token)?;
    let id = match parameters.extensions.get("operationId") {
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        _ => {
            let message = "extensions.operationId must be a string that is not empty";
            return Err(Problem::bad_request(message).into());
        }
    };
    let place = reservation.place(&id).map_err(|full| match full {
        Full::IdInUse => conflict("an operation with this operationId is running"),
        Full::TooMany => {
            let message = "too many operations are running on this stream";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
        }
    })?;
    let planned = edge.plan(parameters, deadline).await;
    let answer = match planned {
        Ok(Answer::Once { mutates: true, .. }) if !may_write => {
            place.leave();
            return Err(Problem::mutation_by_get().into());
        }
        Ok(answer) => answer,
        Err(refusal) => {
            place.leave();
            return Err(refusal);
        }
    };
    let messages = place.clone();
    let accepted = match answer {
        Answer::Once { mutates, response } => {
            // A client that has stopped the operation does not want it to be executed.
            let response = edge.execute_later(mutates, response, deadline);
            place.run(async move {
                let body = match response().await {
                    Ok(response) => response.body,
                    Err(problem) => problem.body(),
                };
                messages.next(&body).await;
                messages.complete().await;
            })
        }
        Answer::Stream(mut events) => place.run(async move {
            while let Some(event) = next_event(&mut events).await {
                let (body, last) = match event {
                    Ok(event) => (event.body, false),
                    Err(problem) => (problem.body(), true),
                };
                if !messages.next(&body).await || last {
                    break;
                }
            }
            messages.complete().await;
        }),
    };
    let status = if accepted { StatusCode::ACCEPTED } else { StatusCode::NO_CONTENT };
    Ok(status.into_response())
}

/// DELETE: stops an operation.
pub(crate) async fn stop(edge: &Edge, token: &str, id: Option<&str>) -> Result<Response, Problem> {
    let reservation = find(edge, token)?;
    let id = id.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Problem::bad_request("the parameter operationId is missing"))?;
    if let Some(messages) = reservation.stop(id) {
        // If the client does not read, it does not miss anything either.
        let _ = messages.try_send(complete(id));
    }
    Ok(StatusCode::OK.into_response())
}

fn find(edge: &Edge, token: &str) -> Result<Arc<Reservation>, Problem> {
    let missing = || Problem::not_found("there is no stream with this token");
    edge.reservations.get(token).ok_or_else(missing)
}

fn conflict(message: &'static str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "CONFLICT", message)
}

impl Place {
    /// Whether a client still reads the stream.
    async fn next(&self, body: &[u8]) -> bool {
        send(&self.messages, next(&self.id, body)).await
    }

    async fn complete(&self) {
        // First the id is free, then the client learns of it.
        if self.leave() {
            send(&self.messages, complete(&self.id)).await;
        }
    }
}

async fn send(messages: &mpsc::Sender<Bytes>, message: Bytes) -> bool {
    messages.send(message).await.is_ok()
}

fn next(id: &str, body: &[u8]) -> Bytes {
    let head = format!("{{\"id\":{},\"payload\":", Value::from(id));
    event("next", &[head.as_bytes(), body, b"}"])
}

fn complete(id: &str) -> Bytes {
    event("complete", &[json!({ "id": id }).to_string().as_bytes()])
}

struct Flow {
    stream: OpenStream,
    stopping: CancellationToken,
    opened: bool,
    ended: bool,
}

impl Flow {
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        if !self.opened {
            self.opened = true;
            return Some(Streamed::Events.opening());
        }
        tokio::select! {
            message = self.stream.messages.recv() => message,
            () = self.stopping.cancelled() => {
                self.ended = true;
                Some(self.farewell())
            }
            () = tokio::time::sleep(HEARTBEAT) => Some(Streamed::Events.heartbeat()),
        }
    }

    /// Ends each operation with the error that says why.
    fn farewell(&mut self) -> Bytes {
        let errors = stopping_errors().to_string();
        let mut farewell = Vec::new();
        while let Ok(message) = self.stream.messages.try_recv() {
            farewell.extend_from_slice(&message);
        }
        for id in self.stream.running() {
            farewell.extend_from_slice(&next(&id, errors.as_bytes()));
            farewell.extend_from_slice(&complete(&id));
        }
        farewell.into()
    }
}
