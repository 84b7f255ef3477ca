//! The public edge: GraphQL over HTTP, WebSocket and event streams, and the pages beside it, around
//! a [`graph::Graph`].
//!
//! Deliberately absent: rules of the shop, subgraphs, and the planner. The caller hands over a graph
//! and a listener; [`serve`] answers clients until it is told to stop. `README.md` describes the
//! protocols.

mod accept;
mod app;
mod documents;
mod edge;
mod graphql;
mod origins;
mod pages;
mod parameters;
mod payload;
mod problem;
mod respond;
mod server;
mod streams;
mod websocket;

pub use connections::Limits;
pub use documents::{ManifestError, TrustedDocuments};
pub use origins::{OriginError, check_origin};

use edge::Edge;
use futures::future::BoxFuture;
use graph::Graph;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Returns the text of the metrics page. Called for each request.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// Returns whether what the router depends on is ready. Called for each `GET /readiness`; the
/// caller bounds and caches the check.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// What a router needs to know.
pub struct Options {
    /// Where clients connect.
    pub listener: TcpListener,
    /// Executes operations.
    pub graph: Graph,
    /// Serves GraphiQL, and accepts requests of web pages from any port of this machine.
    pub development: bool,
    /// Cancelled by the caller to stop the router.
    pub stopping: CancellationToken,
    /// Answers `GET /metrics`. Without it the page does not exist.
    pub metrics: Option<Metrics>,
    /// Decides what `GET /readiness` answers until the router stops.
    pub readiness: Option<Readiness>,
    /// Origins of web pages that may send requests and open WebSockets, such as
    /// `https://shop.example`, beside the router's own.
    pub cors_origins: Vec<String>,
    /// Operations that clients may name instead of sending them.
    pub trusted_documents: TrustedDocuments,
    /// Refuses every operation that is not a trusted document.
    pub trusted_documents_only: bool,
    /// How long clients may take, and how many connections there are.
    pub limits: Limits,
}

/// Answers clients until `options.stopping` is cancelled. Then nothing new is executed, streams and
/// WebSockets are closed in the words of their protocols, and requests in progress have
/// [`DRAIN_TIME`](server::DRAIN_TIME).
///
/// # Errors
/// When one of `options.cors_origins` is not an origin.
pub async fn serve(options: Options) -> io::Result<()> {
    let (listener, edge) = Edge::new(options)?;
    server::serve(listener, Arc::new(edge)).await;
    Ok(())
}
