//! Answers that come in parts: Server-Sent Events and multipart.

mod frames;
mod reservations;
mod single;

pub(crate) use reservations::Reservations;
pub(crate) use single::{open, reserve, start, stop};

use crate::accept::Streamed;
use crate::edge::{Edge, next_event};
use crate::problem::Problem;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use connections::Endless;
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

/// The time without an event after which a stream shows that it is still open.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// What a stream sends.
pub(crate) enum Source {
    /// The answer to a query or a mutation.
    Once(BoxFuture<'static, Result<graph::Response, Problem>>),
    /// The events of a subscription, and its place among the open streams.
    Events(BoxStream<'static, graph::Response>, OwnedSemaphorePermit),
    /// Request errors, as `{"errors": […]}`.
    Errors(Bytes),
}

/// Answers with a stream of one operation.
pub(crate) fn respond(edge: &Edge, form: Streamed, source: Source) -> Response {
    let (source, permit) = match source {
        Source::Once(response) => {
            let body = response.map(|it| it.map_or_else(|it| it.body(), |it| it.body));
            (Parts::One(body.boxed()), None)
        }
        Source::Errors(body) => (Parts::One(std::future::ready(body).boxed()), None),
        Source::Events(events, permit) => (Parts::Many(events), Some(permit)),
    };
    let endless = permit.is_some();
    let flow = Flow {
        form,
        source,
        stopping: edge.stopping.clone(),
        phase: Phase::Opening,
        _permit: permit,
    };
    let chunks = stream::unfold(flow, |mut flow| async move {
        let chunk = flow.next().await?;
        Some((chunk, flow))
    });
    let mut response = head(form, chunks);
    if endless {
        response.extensions_mut().insert(Endless);
    }
    response
}

fn head(form: Streamed, chunks: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    let body = Body::from_stream(futures::StreamExt::map(chunks, Ok::<_, Infallible>));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(form.content_type())),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Some proxies would keep events back otherwise.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, body).into_response()
}

struct Flow {
    form: Streamed,
    source: Parts,
    stopping: CancellationToken,
    phase: Phase,
    _permit: Option<OwnedSemaphorePermit>,
}

enum Parts {
    One(BoxFuture<'static, Bytes>),
    Many(BoxStream<'static, graph::Response>),
}

enum Phase {
    Opening,
    Running,
    Ending,
    Ended,
}

impl Flow {
    async fn next(&mut self) -> Option<Bytes> {
        match self.phase {
            Phase::Opening => {
                self.phase = Phase::Running;
                Some(self.form.opening())
            }
            Phase::Running => Some(self.running().await),
            Phase::Ending => {
                self.phase = Phase::Ended;
                Some(self.form.end())
            }
            Phase::Ended => None,
        }
    }

    async fn running(&mut self) -> Bytes {
        let form = self.form;
        let body = match &mut self.source {
            Parts::One(body) => tokio::select! {
                body = body => Some(body),
                () = tokio::time::sleep(HEARTBEAT) => return form.heartbeat(),
            },
            Parts::Many(events) => tokio::select! {
                event = next_event(events) => match event {
                    Some(Ok(event)) => return form.event(&event.body),
                    Some(Err(problem)) => Some(problem.body()),
                    None => None,
                },
                () = self.stopping.cancelled() => {
                    self.phase = Phase::Ending;
                    return form.farewell();
                }
                () = tokio::time::sleep(HEARTBEAT) => return form.heartbeat(),
            },
        };
        match body {
            Some(body) => {
                self.phase = Phase::Ended;
                [form.event(&body), form.end()].concat().into()
            }
            None => {
                self.phase = Phase::Ended;
                form.end()
            }
        }
    }
}
