//! The public endpoint: with everything behind it in this process, or alone.

use super::files;
use super::part::{self, Background};
use super::reached;
use super::ready::{Addresses, announce};
use super::rest::Rest;
use super::subgraph::{log_to_stderr, stop_on_signals};
use crate::cli::Serve;
use crate::client::Client;
use crate::sample_data;
use anyhow::Context;
use chassis::Db;
use graph::{Endpoint, Graph};
use router::{Metrics, Options, TrustedDocuments};
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The composed graph, as it was committed.
const SUPERGRAPH: &str = include_str!("../../../schema/supergraph.graphql");
/// How long background tasks may take to finish when the process stops.
const FINISH_TIME: Duration = Duration::from_secs(10);

pub(super) fn serve_all(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
    log_to_stderr(arguments)?;
    let stopping = CancellationToken::new();
    let background = Background::new(stopping.clone());
    let rest = runtime.block_on(Rest::bind(arguments))?;
    let parts = runtime.block_on(part::all(arguments, &background))?;
    // Every database must have been empty: a shop that lost one of them is no new shop.
    let fresh = parts.iter().all(|part| part.fresh);
    let databases: Vec<Db> = parts.iter().map(|part| part.db.clone()).collect();
    let subgraphs = parts.iter().map(|part| Endpoint::InProcess(part.subgraph.clone())).collect();
    let names = parts.iter().map(|part| part.subgraph.name());
    let metrics = metrics(names.zip(databases.iter().cloned()).collect());

    let setup = Setup {
        subgraphs,
        metrics: Some(metrics),
        load: arguments.sample_data || (fresh && !arguments.no_sample_data),
        fresh: parts.iter().filter(|part| part.fresh).map(|part| part.db.clone()).collect(),
        rest: Some((rest, background.clone())),
    };
    let served = run(arguments, runtime, &stopping, setup);
    runtime.block_on(async {
        // Tasks that hang must not hold the exit; the databases recover from anything.
        let _ = tokio::time::timeout(FINISH_TIME, background.finish()).await;
        futures::future::join_all(databases.iter().map(Db::close)).await;
    });
    served
}

pub(super) fn serve_alone(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
    log_to_stderr(arguments)?;
    let peers = &arguments.peers;
    let remote = |name: &str, url: &Url| Endpoint::Remote {
        name: name.to_owned(),
        url: url.clone(),
        secret: arguments.peer_secret.clone(),
    };
    let subgraphs = vec![
        remote(user::NAME, &peers.user_url),
        remote(product::NAME, &peers.product_url),
        remote(inventory::NAME, &peers.inventory_url),
        remote(order::NAME, &peers.order_url),
    ];
    let load = arguments.sample_data;
    let setup = Setup { subgraphs, metrics: None, load, fresh: Vec::new(), rest: None };
    run(arguments, runtime, &CancellationToken::new(), setup)
}

/// What differs between the two.
struct Setup {
    subgraphs: Vec<Endpoint>,
    metrics: Option<Metrics>,
    /// Load the sample data before it is ready.
    load: bool,
    /// Databases whose first start ends with that.
    fresh: Vec<Db>,
    /// The REST interface, once the router answers.
    rest: Option<(Rest, Background)>,
}

/// Blocks until the router has stopped; then the rest of the process is told to stop.
fn run(
    arguments: &Serve,
    runtime: &Runtime,
    stopping: &CancellationToken,
    setup: Setup,
) -> anyhow::Result<()> {
    let served = runtime.block_on(start(arguments, stopping, setup));
    stopping.cancel();
    served
}

/// Starts the router, loads what has to be loaded, and returns when the router has stopped.
async fn start(
    arguments: &Serve,
    stopping: &CancellationToken,
    setup: Setup,
) -> anyhow::Result<()> {
    files::raise_limit();
    let development = !arguments.production;
    let trusted_documents = trusted_documents(arguments)?;
    let listener = listen(arguments).await?;
    let bound = listener.local_addr()?;
    stop_on_signals(stopping)?;
    let supergraph = SUPERGRAPH.to_owned();
    let graph = Graph::new(graph::Options {
        supergraph,
        subgraphs: setup.subgraphs,
        introspection: development,
    })?;
    let opening = Opening {
        graph: graph.clone(),
        graphiql: development,
        load: setup.load,
        fresh: setup.fresh,
        rest: setup.rest,
        ready_file: arguments.ready_file.clone(),
    };
    let serving = tokio::spawn(router::serve(Options {
        listener,
        graph,
        development,
        stopping: stopping.clone(),
        metrics: setup.metrics,
        readiness: None,
        cors_origins: arguments.edge.cors_origins.clone(),
        trusted_documents,
        trusted_documents_only: arguments.edge.trusted_documents_only,
    }));
    let opened = opening.open(bound).await;
    // A process that is told to stop while the sample data is loaded has not failed.
    let failed = opened.err().filter(|_| !stopping.is_cancelled());
    if failed.is_some() {
        stopping.cancel();
    }
    let served = serving.await.context("the router broke off")?;
    failed.map_or(Ok(()), Err)?;
    served.context("the router stopped")
}

async fn listen(arguments: &Serve) -> anyhow::Result<TcpListener> {
    let port = arguments.port.unwrap_or(arguments.role.default_port());
    let address = SocketAddr::new(arguments.host, port);
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: choose another --port"))
}

fn trusted_documents(arguments: &Serve) -> anyhow::Result<TrustedDocuments> {
    let Some(path) = &arguments.edge.trusted_documents else {
        return Ok(TrustedDocuments::default());
    };
    TrustedDocuments::read(path)
        .with_context(|| format!("--trusted-documents {} cannot be used", path.display()))
}

/// What happens between "it answers" and "it is ready".
struct Opening {
    graph: Graph,
    graphiql: bool,
    load: bool,
    fresh: Vec<Db>,
    rest: Option<(Rest, Background)>,
    ready_file: Option<PathBuf>,
}

impl Opening {
    async fn open(self, bound: SocketAddr) -> anyhow::Result<()> {
        let reached = reached(bound);
        let graphql: Url = format!("http://{reached}/graphql").parse()?;
        if self.load {
            let client = Client::in_process(self.graph);
            sample_data::load(&client).await.context("the sample data cannot be loaded")?;
        }
        for db in &self.fresh {
            db.end_first_start().await.context("the first start cannot be ended")?;
        }
        let graphiql = self.graphiql.then(|| format!("http://{reached}/graphiql"));
        let rest = match self.rest {
            Some((rest, background)) => Some(rest.serve(&graphql, &background)?),
            None => None,
        };
        let addresses = Addresses { graphql: graphql.into(), graphiql, rest };
        announce(&addresses, "Agora is ready.", self.ready_file.as_deref())
    }
}

/// What `/metrics` answers, in Prometheus' text format.
fn metrics(databases: Vec<(&'static str, Db)>) -> Metrics {
    type Figure = fn(&Db) -> u64;
    let figures: [(&str, &str, &str, Figure); 2] = [
        ("agora_sql_statements_total", "counter", "SQL statements sent.", Db::statement_count),
        ("agora_sql_waiting_writes", "gauge", "Writes that wait for their turn.", |db| {
            u64::try_from(db.waiting_writes()).unwrap_or(u64::MAX)
        }),
    ];
    Arc::new(move || {
        let mut text = String::new();
        for (name, kind, help, figure) in figures {
            // Writing to a string cannot fail.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
            for (subgraph, db) in &databases {
                let _ = writeln!(text, "{name}{{subgraph=\"{subgraph}\"}} {}", figure(db));
            }
        }
        text
    })
}
