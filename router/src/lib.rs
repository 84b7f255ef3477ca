//! The router: hive-router embedded, with subgraphs that are function calls instead of sockets,
//! and with our own page for trying out the graph.
//!
//! Deliberately absent: any rule of the shop, any subgraph crate. Whoever starts the router hands
//! it the subgraphs ([`Endpoint`]). `README.md` tells how the embedding works and what bites.

// hive-router nests its middlewares as types.
#![recursion_limit = "256"]

mod brief;
mod config;
mod document;
mod errors;
mod in_process;
mod nesting;
mod pages;
mod plugin;
mod serve;

pub use config::{READ_TIMEOUT, REQUEST_TIMEOUT, WRITE_TIMEOUT};
pub use errors::CLIENT_CODES;
pub use serve::run;

use chassis::Subgraph;
use futures::future::BoxFuture;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The text of the metrics page, made anew for each request.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// Checks whether the router can work: whether its databases or subgraphs answer. The check bounds
/// its own duration and how often it asks.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// What a router needs to know.
pub struct Options {
    /// Where to listen.
    pub host: IpAddr,
    /// 0 takes a free port; `ready` tells which.
    pub port: u16,
    /// The composed graph, as SDL.
    pub supergraph: String,
    /// One for every subgraph that the supergraph names.
    pub subgraphs: Vec<Endpoint>,
    /// Introspection and GraphiQL are on.
    pub development: bool,
    /// Where in-process subgraphs run: a multi-thread runtime of the caller's.
    pub runtime: Handle,
    /// Cancelled by the caller to stop the router; cancelled by the router when a signal stops it.
    pub stopping: CancellationToken,
    /// What `/readiness` asks, besides whether the router is stopping.
    pub readiness: Readiness,
    /// Answers `GET /metrics`; without it there is no such page.
    pub metrics: Option<Metrics>,
}

/// How the router reaches one subgraph.
pub enum Endpoint {
    /// A function call. Only subscriptions, and what their events fetch from other subgraphs, go
    /// through `subscriptions`, because hive-router does not ask its plugins about them.
    InProcess {
        /// Executes queries and mutations.
        subgraph: Subgraph,
        /// What `chassis::server::serve` serves for this subgraph on loopback: `…/graphql`.
        subscriptions: Url,
        /// What that server expects.
        secret: String,
    },
    /// HTTP.
    Remote {
        /// Its name in the supergraph.
        name: String,
        /// Its GraphQL endpoint.
        url: Url,
        /// Sent along when there is one.
        secret: Option<String>,
    },
}

/// Why a router did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum RouterError {
    /// The address cannot be listened on; another port may work.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// Host and port.
        address: SocketAddr,
        /// The system's word on it.
        source: std::io::Error,
    },
    /// The supergraph is not one.
    #[error("the supergraph cannot be used: {0}")]
    Supergraph(String),
    /// hive-router does not take what we made of the options.
    #[error("the router cannot be set up: {0}")]
    Setup(String),
    /// It listens, but does not become ready.
    #[error("the router does not become ready: {0}")]
    Silent(String),
    /// The server broke off.
    #[error("the router stopped: {0}")]
    Server(#[from] std::io::Error),
}

impl Endpoint {
    /// The subgraph's name in the supergraph.
    pub fn name(&self) -> &str {
        match self {
            Self::InProcess { subgraph, .. } => subgraph.name(),
            Self::Remote { name, .. } => name,
        }
    }

    fn url(&self) -> &Url {
        match self {
            Self::InProcess { subscriptions, .. } => subscriptions,
            Self::Remote { url, .. } => url,
        }
    }

    fn secret(&self) -> Option<&str> {
        match self {
            Self::InProcess { secret, .. } => Some(secret),
            Self::Remote { secret, .. } => secret.as_deref(),
        }
    }
}

impl fmt::Debug for Endpoint {
    // The secret stays secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.name(), self.url())
    }
}
