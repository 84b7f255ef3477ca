//! The REST interface of the two systems that the shop replaces, kept to the letter.
//!
//! An adapter is a row of [`routes`]: method, path, operation, two pure mappings. It speaks GraphQL
//! like any other client, by a [`Transport`]; no rule of the shop, no SQL and no subgraph's URL is
//! here.

mod adapters;
mod fields;
mod graph;
mod http;
mod openapi;
mod refusals;
mod routes;
mod shapes;

pub use graph::{HttpTransport, Operation, Transport, TransportError, documents};

use crate::http::{App, Refusal, Sharing, answer, headers, readiness};
use ::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use connections::{Connections, Limits};
use futures::future::BoxFuture;
use graph::Graph;
use std::any::Any;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

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
    /// Sends operations to the graph.
    pub transport: Arc<dyn Transport>,
    /// Where `/admin/` leads: a page that every client can reach.
    pub admin: String,
    /// What `/readiness` asks.
    pub readiness: Readiness,
    /// Once cancelled, nothing new is accepted and requests in flight finish.
    pub stopping: CancellationToken,
    /// How long clients may take, and how many connections there are.
    pub limits: Limits,
}

/// How long requests in progress may take when the interface stops.
const DRAIN_TIME: Duration = Duration::from_secs(6);

/// Serves the REST interface until `options.stopping` is cancelled and the requests in progress are
/// answered. The limits of [`Limits`] hold for all four listeners together.
///
/// # Errors
/// When `options.admin` cannot be sent in a header.
pub async fn serve(options: Options) -> io::Result<()> {
    let graph = Graph::new(options.transport);
    let connections = Connections::new(options.limits);
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
        let stopping = stopping.clone().cancelled_owned();
        let connections = connections.clone();
        async move { connections.serve(listener, routes, stopping, DRAIN_TIME).await }
    });
    futures::future::join_all(served).await;
    Ok(())
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
