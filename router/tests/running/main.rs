//! A router in development mode, as clients and browsers meet it. One process, one router.
#![cfg(test)]

mod documents;
mod graphql;
mod pages;
mod subscriptions;
#[expect(dead_code, reason = "this router is never stopped")]
#[path = "../support/mod.rs"]
mod support;

use std::sync::LazyLock;
use support::Router;

static ROUTER: LazyLock<Router> = LazyLock::new(|| Router::start(true));
