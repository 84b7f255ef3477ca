//! A router in development mode, as clients and browsers meet it.
#![cfg(test)]

mod documents;
mod events;
mod graphql;
mod http_bytes;
mod multipart;
mod negotiation;
mod origins;
mod pages;
mod patience;
mod persisted;
mod subscriptions;
#[expect(dead_code, reason = "this router is never stopped")]
#[path = "../support/mod.rs"]
mod support;
mod websocket;

use std::sync::LazyLock;
use support::Router;

static ROUTER: LazyLock<Router> = LazyLock::new(|| Router::start(true));
