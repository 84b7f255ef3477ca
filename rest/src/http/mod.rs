//! HTTP as both documented systems speak it, whatever the route.

mod dispatch;
mod headers;
mod idempotency;
mod list;
mod negotiation;
mod payload;
mod reply;
mod sharing;

pub(crate) use dispatch::{App, Call, answer, readiness};
pub(crate) use headers::headers;
pub(crate) use idempotency::{KEY_CHARS, marked};
pub(crate) use list::{Page, list};
pub(crate) use payload::Payload;
pub(crate) use reply::{Refusal, Reply, gone, json};
pub(crate) use sharing::Sharing;
