//! The supergraph as a function: parse, check, plan, coerce, execute, complete.
//!
//! [`Graph::answer`] takes a request and returns an [`Answer`] or a [`Rejection`]. Nothing is
//! executed before the answer is polled. This is the only crate that executes operations with
//! hive-router, which it uses as a library: its planner and its plan executor, not its server.
//!
//! Deliberately absent: HTTP towards clients, and any rule of the shop.

mod answer;
mod brief;
mod coerce;
mod complete;
mod cost;
mod errors;
mod execute;
mod fetch;
mod hooks;
mod introspect;
pub mod json;
mod leaf;
mod limits;
mod lower;
mod paths;
mod plan;
mod prepare;
mod references;
mod schema;
mod shape;
mod text;

pub use answer::{Answer, Rejection, Response};
pub use errors::CLIENT_CODES;
pub use limits::{READ_TIMEOUT, REQUEST_TIMEOUT, WRITE_TIMEOUT};

use chassis::Subgraph;
use fetch::{Http, Source};
use hive_router::executor::SubgraphExecutorMap;
use hive_router::executor::introspection::schema::{SchemaMetadata, SchemaWithMetadata};
use hive_router::query_planner::planner::{Planner, QueryPlannerOptions};
use hive_router::query_planner::utils::parsing::safe_parse_schema;
use hooks::Hooks;
use schema::Schema;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use tokio_util::task::TaskTracker;
use url::Url;

/// An operation as a client sends it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The GraphQL document.
    pub query: String,
    /// The operation of the document to execute. Optional if there is only one.
    pub operation_name: Option<String>,
    /// The values of the variables.
    pub variables: serde_json::Map<String, serde_json::Value>,
}

/// How a subgraph is reached.
#[derive(Clone)]
pub enum Endpoint {
    /// By a function call.
    InProcess(Subgraph),
    /// By HTTP.
    Remote {
        /// The subgraph's name in the supergraph.
        name: String,
        /// The address of its GraphQL endpoint. Must start with `http://`.
        url: Url,
        /// The secret to send, if the subgraph expects one.
        secret: Option<String>,
    },
}

impl Endpoint {
    /// The subgraph's name in the supergraph.
    pub fn name(&self) -> &str {
        match self {
            Self::InProcess(subgraph) => subgraph.name(),
            Self::Remote { name, .. } => name,
        }
    }
}

impl fmt::Debug for Endpoint {
    // The secret stays secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProcess(subgraph) => write!(f, "{} in process", subgraph.name()),
            Self::Remote { name, url, .. } => write!(f, "{name} at {url}"),
        }
    }
}

/// What a graph is made of.
#[derive(Debug)]
pub struct Options {
    /// The composed supergraph in SDL.
    pub supergraph: String,
    /// The endpoint of each subgraph that the supergraph names.
    pub subgraphs: Vec<Endpoint>,
    /// Whether clients may query the schema.
    pub introspection: bool,
}

/// Why a graph cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The supergraph is not a valid supergraph.
    #[error("the supergraph cannot be used: {0}")]
    Supergraph(String),
    /// The supergraph names a subgraph that has no endpoint.
    #[error("the supergraph names the subgraph `{0}`, which has no endpoint")]
    NoEndpoint(String),
    /// The address of a remote subgraph cannot be used.
    #[error("the URL of the {name} subgraph must start with http://, not {scheme}://")]
    Scheme {
        /// The subgraph's name.
        name: String,
        /// The scheme of its URL.
        scheme: String,
    },
    /// The address or the secret of a remote subgraph cannot be sent in an HTTP request.
    #[error("the {what} of the {name} subgraph cannot be sent in an HTTP request")]
    Unsendable {
        /// The subgraph's name.
        name: String,
        /// The part that is wrong.
        what: &'static str,
    },
    /// hive-router does not accept what the options were made into.
    #[error("the graph cannot be set up: {0}")]
    Setup(String),
}

/// The supergraph. Cheap to clone.
#[derive(Clone)]
pub struct Graph(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) planner: Planner,
    pub(crate) schema: Schema,
    pub(crate) metadata: Arc<SchemaMetadata>,
    pub(crate) inputs: coerce::Inputs,
    pub(crate) rules: hive_router::graphql_tools::validation::validate::ValidationPlan,
    pub(crate) preparing: prepare::Preparing,
    pub(crate) executors: Arc<SubgraphExecutorMap>,
    pub(crate) environment: execute::Environment,
    pub(crate) sources: HashMap<String, Source>,
    pub(crate) writes: TaskTracker,
    pub(crate) introspection: bool,
}

impl Graph {
    /// Builds the graph of a supergraph.
    ///
    /// # Errors
    /// When the supergraph is invalid or a subgraph cannot be reached as described.
    pub fn new(options: Options) -> Result<Self, GraphError> {
        hive_router::init_rustls_crypto_provider();
        let Options { supergraph, subgraphs, introspection } = options;
        let invalid = |error: &dyn fmt::Display| GraphError::Supergraph(error.to_string());
        let document = safe_parse_schema(&supergraph).map_err(|error| invalid(&error))?;
        let planner = Planner::new_from_supergraph(&document, QueryPlannerOptions::default())
            .map_err(|error| invalid(&error))?;
        let schema = Schema::new(&document, Arc::clone(&planner.consumer_schema.document));
        let writes = TaskTracker::new();
        let mut sources = HashMap::new();
        for endpoint in subgraphs {
            let name = endpoint.name().to_owned();
            let source = match endpoint {
                Endpoint::InProcess(subgraph) => Source::in_process(subgraph, writes.clone()),
                Endpoint::Remote { name, url, secret } => {
                    let http = Http::new(&name, &url, secret.as_deref())?;
                    Source::http(name, http, writes.clone())
                }
            };
            sources.insert(name, source);
        }
        if let Some(name) = schema.subgraphs().find(|name| !sources.contains_key(*name)) {
            return Err(GraphError::NoEndpoint(name.to_owned()));
        }
        let hooks = Hooks::new(&sources);
        let executors = execute::executors(sources.keys())?;
        Ok(Self(Arc::new(Inner {
            metadata: Arc::new(planner.consumer_schema.schema_metadata()),
            inputs: coerce::Inputs::new(&planner.consumer_schema.document),
            rules: limits::rules()?,
            preparing: prepare::Preparing::default(),
            executors: Arc::new(executors),
            environment: execute::Environment::new(hooks),
            planner,
            schema,
            sources,
            writes,
            introspection,
        })))
    }

    /// Waits until no mutation is being executed by a subgraph, including those whose callers have
    /// gone away.
    pub async fn idle(&self) {
        self.0.writes.close();
        self.0.writes.wait().await;
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph").field("subgraphs", &self.0.sources.keys()).finish_non_exhaustive()
    }
}
