//! A router over two small subgraphs of its own, on a free port.

mod compose;
pub(crate) mod graph;

use chassis::Subgraph;
use router::{Endpoint, Options};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Longer than any step of a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const SECRET: &str = "only the router knows";

/// A router that runs, and what it runs on.
pub(crate) struct Router {
    pub(crate) address: SocketAddr,
    pub(crate) stopping: CancellationToken,
    pub(crate) runtime: Runtime,
    stopped: Mutex<mpsc::Receiver<Result<(), router::RouterError>>>,
    thread: Option<JoinHandle<()>>,
}

impl Router {
    /// Starts the one router that a process can have.
    pub(crate) fn start(development: bool) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (products, orders) = (graph::product::subgraph(), graph::order::subgraph());
        let loopback = CancellationToken::new();
        let mut subgraphs = vec![
            in_process(&runtime, products.clone(), &loopback),
            in_process(&runtime, orders.clone(), &loopback),
        ];
        // A subgraph behind a port on which nobody listens.
        let weather = graph::weather::subgraph();
        let url = format!("http://{}/graphql", free_address(&runtime)).parse().unwrap();
        subgraphs.push(Endpoint::Remote { name: weather.name().to_owned(), url, secret: None });
        let stopping = CancellationToken::new();
        let options = Options {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            supergraph: compose::supergraph(&[&products, &orders, &weather]),
            subgraphs,
            development,
            runtime: runtime.handle().clone(),
            stopping: stopping.clone(),
            readiness: std::sync::Arc::new(|| Box::pin(std::future::ready(true))),
            metrics: Some(std::sync::Arc::new(|| "agora_up 1\n".to_owned())),
        };
        let (tell, stopped) = mpsc::channel();
        let (ready, address) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let result = router::run(options, move |address| ready.send(address).unwrap());
            loopback.cancel();
            tell.send(result).unwrap();
        });
        let Ok(address) = address.recv_timeout(PATIENCE) else {
            panic!("the router did not start: {:?}", stopped.try_recv());
        };
        Self { address, stopping, runtime, stopped: Mutex::new(stopped), thread: Some(thread) }
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
        let stopped = self.stopped.get_mut().unwrap();
        stopped.recv_timeout(PATIENCE).expect("the router does not stop").unwrap();
        self.thread.take().unwrap().join().unwrap();
    }
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

fn in_process(runtime: &Runtime, subgraph: Subgraph, stopping: &CancellationToken) -> Endpoint {
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap()).parse().unwrap();
    let secret = Some(SECRET.to_owned());
    let serving = chassis::server::serve(listener, subgraph.clone(), secret, stopping.clone());
    runtime.spawn(serving);
    Endpoint::InProcess { subgraph, subscriptions: url, secret: SECRET.to_owned() }
}

fn free_address(runtime: &Runtime) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
    listener.local_addr().unwrap()
}
