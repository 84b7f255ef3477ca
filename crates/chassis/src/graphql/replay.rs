//! Telling a client that what it gets was done before: its request was a repeated one.

use async_graphql::{Context, Request, Response, Value};
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The key in an answer's `extensions`; its value is `true`, or it is not there.
pub const REPLAY_KEY: &str = "idempotentReplay";

/// How long an idempotency key is remembered at least.
pub const KEY_RETENTION: TimeDelta = TimeDelta::hours(24);

/// Whether anything of one request was a replay. Every request that a [`crate::Subgraph`] executes
/// has one.
#[derive(Clone, Debug, Default)]
pub struct Replay(Arc<AtomicBool>);

impl Replay {
    /// Notes that this request repeats an earlier one, whose outcome is the answer.
    pub fn mark(ctx: &Context<'_>) {
        // Who executes a schema by itself has nobody to tell.
        if let Some(Self(marked)) = ctx.data_opt::<Self>() {
            marked.store(true, Ordering::Relaxed);
        }
    }

    /// The request, with this to mark.
    pub(crate) fn watch(&self, request: Request) -> Request {
        request.data(self.clone())
    }

    /// The response; it says so when the request was marked.
    pub(crate) fn tell(&self, response: Response) -> Response {
        match self.0.load(Ordering::Relaxed) {
            true => response.extension(REPLAY_KEY, Value::Boolean(true)),
            false => response,
        }
    }
}
