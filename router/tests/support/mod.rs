//! A router over two small subgraphs of its own, on a free port.

mod compose;
pub(crate) mod graph;
pub(crate) mod raw;

use ::graph::{Endpoint, Graph};
use chassis::Subgraph;
use router::{Limits, Options, TrustedDocuments};
use serde_json::{Value, json};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than any step of a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A router that runs, and what it runs on.
pub(crate) struct Router {
    pub(crate) address: SocketAddr,
    pub(crate) stopping: CancellationToken,
    pub(crate) runtime: Runtime,
    served: Option<JoinHandle<io::Result<()>>>,
}

impl Router {
    /// Starts a router.
    pub(crate) fn start(development: bool) -> Self {
        Self::start_with(development, &[], TrustedDocuments::default())
    }

    /// Starts a router for web pages of these origins. With trusted documents, it executes no
    /// others.
    pub(crate) fn start_with(
        development: bool,
        origins: &[&str],
        trusted_documents: TrustedDocuments,
    ) -> Self {
        Self::start_within(development, origins, trusted_documents, Limits::default())
    }

    /// Starts a router for clients that have these limits.
    pub(crate) fn start_within(
        development: bool,
        origins: &[&str],
        trusted_documents: TrustedDocuments,
        limits: Limits,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = CancellationToken::new();
        let options = Options {
            listener,
            graph: runtime.block_on(async { graph(development) }),
            development,
            stopping: stopping.clone(),
            metrics: Some(std::sync::Arc::new(|| "agora_up 1\n".to_owned())),
            readiness: None,
            cors_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            trusted_documents_only: !trusted_documents.is_empty(),
            limits,
            trusted_documents,
        };
        let served = Some(runtime.spawn(router::serve(options)));
        Self { address, stopping, runtime, served }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let patient = async { tokio::time::timeout(PATIENCE, future).await };
        self.runtime.block_on(patient).expect("the router takes too long")
    }

    /// Sends an operation as JSON; the answer with its status.
    pub(crate) async fn graphql(&self, query: &str, variables: Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables });
        let response = http().post(self.url("/graphql")).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Waits for the end of a router that was told to stop.
    pub(crate) fn join(&mut self) {
        let served = self.served.take().unwrap();
        self.block_on(served).unwrap().unwrap();
    }
}

/// Two subgraphs in this process, and one at a port on which nobody listens.
pub(crate) fn graph(introspection: bool) -> Graph {
    let subgraphs: [Subgraph; 2] = [graph::product::subgraph(), graph::order::subgraph()];
    let weather = graph::weather::subgraph();
    let nowhere = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/graphql", nowhere.local_addr().unwrap()).parse().unwrap();
    let [products, orders] = &subgraphs;
    let supergraph = compose::supergraph(&[products, orders, &weather]);
    let mut endpoints: Vec<_> = subgraphs.into_iter().map(Endpoint::InProcess).collect();
    endpoints.push(Endpoint::Remote { name: weather.name().to_owned(), url, secret: None });
    Graph::new(::graph::Options { supergraph, subgraphs: endpoints, introspection }).unwrap()
}

/// A client that follows no redirect.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// The code of the first error.
pub(crate) fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}
