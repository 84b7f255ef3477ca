//! The REST interface of the two systems that the shop replaces, kept to the letter.
//!
//! An adapter is a row of [`routes`]: method, path, operation, two pure mappings. It speaks GraphQL
//! to the router like any other client; no rule of the shop, no SQL and no subgraph's URL is here.

mod adapters;
mod fields;
mod graph;
mod http;
mod openapi;
mod refusals;
mod routes;
mod shapes;

use crate::http::{App, Refusal, Sharing, answer, headers, readiness};
use ::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Router, middleware};
use futures::future::BoxFuture;
use graph::Graph;
use std::any::Any;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
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

/// Checks whether the interface can work: whether the router answers. The check bounds its own
/// duration and how often it asks.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// Where to serve, and whom to ask.
pub struct Options {
    /// One listener a service.
    pub listeners: [(Service, TcpListener); 4],
    /// The router's endpoint.
    pub graphql: Url,
    /// Where `/admin/` leads: a page that every client can reach.
    pub admin: String,
    /// What `/readiness` asks.
    pub readiness: Readiness,
    /// Once cancelled, nothing new is accepted and requests in flight finish.
    pub stopping: CancellationToken,
}

/// Serves the REST interface until `options.stopping` is cancelled.
///
/// # Errors
/// When a listener fails, or one of the addresses cannot be used.
pub async fn serve(options: Options) -> io::Result<()> {
    let unusable = |url: &Url| io::Error::other(format!("{url} cannot be used"));
    let graphql = &options.graphql;
    let graph = Graph::new(graphql).ok_or_else(|| unusable(graphql))?;
    let admin = HeaderValue::try_from(&options.admin).map_err(io::Error::other)?;
    let app = Arc::new(App {
        graph,
        admin,
        readiness: options.readiness,
        stopping: options.stopping.clone(),
        sharing: Sharing::default(),
    });

    let stopping = options.stopping;
    let served = options.listeners.map(|(service, listener)| {
        let routes = routes(service, Arc::clone(&app));
        let stopping = stopping.clone();
        // Answers are small: they should not wait for more.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        async move {
            axum::serve(listener, routes).with_graceful_shutdown(stopping.cancelled_owned()).await
        }
    });
    futures::future::try_join_all(served).await.map(|_| ())
}

fn routes(service: Service, app: Arc<App>) -> Router {
    let panicked =
        |_: Box<dyn Any + Send>| Refusal::internal("A handler panicked.").into_response();
    Router::new()
        .route("/health", get(|| async { StatusCode::OK }))
        .route("/readiness", get(readiness))
        .merge(openapi::routes(service))
        .fallback(answer)
        .with_state(app)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(headers))
}
