//! The public endpoint: with everything behind it in this process, or alone.

use super::CLOSE_TIME;
use super::listen::bind;
use super::metrics::metrics;
use super::neighbours::Neighbours;
use super::part::{self, Background};
use super::readiness;
use super::ready::{Addresses, announce};
use super::rest::{InProcess, Rest};
use super::signals::stop_on_signals;
use super::wait::Wait;
use crate::address::reached;
use crate::cli::Serve;
use crate::client::Client;
use crate::sample_data;
use anyhow::Context;
use chassis::Db;
use chassis::server::Readiness;
use futures::future::join_all;
use graph::{Endpoint, Graph};
use router::{Limits, Metrics, Options, TrustedDocuments};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The composed graph, as it was committed.
const SUPERGRAPH: &str = include_str!("../../../schema/supergraph.graphql");

pub(super) async fn serve_all(arguments: &Serve) -> anyhow::Result<()> {
    let background = Background::new(CancellationToken::new());
    stop_on_signals(&background.stopping)?;
    let listener = listen(arguments).await?;
    let rest = Rest::bind(arguments).await?;
    let opening = part::all(arguments, &background);
    let opened = background.stopping.run_until_cancelled(opening).await;
    let Some(parts) = opened.transpose()? else { return Ok(()) };
    // Every database must have been empty: a shop that lost one of them is no new shop.
    let fresh = parts.iter().all(|part| part.fresh);
    let databases: Vec<Db> = parts.iter().map(|part| part.db.clone()).collect();
    let names = parts.iter().map(|part| part.subgraph.name());
    let metrics = metrics(names.zip(databases.iter().cloned()).collect());

    let served = serve(
        arguments,
        &background,
        listener,
        Setup {
            subgraphs: parts
                .iter()
                .map(|part| Endpoint::InProcess(part.subgraph.clone()))
                .collect(),
            metrics: Some(metrics),
            load: arguments.sample_data
                || (fresh && !arguments.no_sample_data && !arguments.production),
            fresh: parts.iter().filter(|part| part.fresh).map(|part| part.db.clone()).collect(),
            readiness: readiness::of_databases(databases.clone()),
            neighbours: None,
            rest: Some(rest),
        },
    );
    let served = served.await;
    // A database that hangs must not hold the exit; the next start recovers it.
    let _ = timeout(CLOSE_TIME, join_all(databases.iter().map(Db::close))).await;
    served
}

pub(super) async fn serve_alone(arguments: &Serve) -> anyhow::Result<()> {
    let background = Background::new(CancellationToken::new());
    stop_on_signals(&background.stopping)?;
    let listener = listen(arguments).await?;
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
    let neighbours = Neighbours::subgraphs(arguments)?;
    let reporting = neighbours.clone().report_missing(background.stopping.clone());
    background.tasks.spawn(reporting);
    let setup = Setup {
        subgraphs,
        metrics: None,
        load: arguments.sample_data,
        fresh: Vec::new(),
        readiness: readiness::of_neighbours(neighbours.clone()),
        neighbours: Some(neighbours),
        rest: None,
    };
    serve(arguments, &background, listener, setup).await
}

async fn listen(arguments: &Serve) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(arguments.listen.host, arguments.listen.port());
    bind(address, "another --port").await
}

/// What differs between the two.
struct Setup {
    subgraphs: Vec<Endpoint>,
    metrics: Option<Metrics>,
    /// Load the sample data before the process counts as started.
    load: bool,
    /// Databases whose first start ends with that.
    fresh: Vec<Db>,
    readiness: Readiness,
    /// The subgraphs, where other processes run them.
    neighbours: Option<Neighbours>,
    /// The REST interface, which answers once the sample data is there.
    rest: Option<Rest>,
}

/// Serves until the process is told to stop, and drains.
async fn serve(
    arguments: &Serve,
    background: &Background,
    listener: TcpListener,
    setup: Setup,
) -> anyhow::Result<()> {
    let bound = listener.local_addr()?;
    let subgraphs = setup.subgraphs;
    let introspection = !arguments.production;
    let supergraph = SUPERGRAPH.to_owned();
    let graph = Graph::new(graph::Options { supergraph, subgraphs, introspection })?;
    let options = Options {
        listener,
        graph: graph.clone(),
        development: !arguments.production,
        stopping: background.stopping.clone(),
        metrics: setup.metrics,
        readiness: Some(Arc::clone(&setup.readiness)),
        cors_origins: arguments.edge.cors_origins.clone(),
        trusted_documents: trusted_documents(arguments)?,
        trusted_documents_only: arguments.edge.trusted_documents_only,
        limits: Limits::default(),
    };
    let serving = background.tasks.spawn(run_router(options));
    let opening = Opening {
        arguments,
        background,
        graph,
        load: setup.load,
        fresh: setup.fresh,
        readiness: setup.readiness,
        neighbours: setup.neighbours,
        rest: setup.rest,
    };
    let opened = background.stopping.run_until_cancelled(opening.open(bound)).await;
    if let Some(Err(error)) = opened {
        background.stopping.cancel();
        return Err(error);
    }
    background.stopped().await;
    // Where it was cut off there is no result; where it broke off it has stopped the process.
    match serving.is_finished() {
        true => serving.await?.context("the router broke off"),
        false => Ok(()),
    }
}

/// A router that ends by itself stops the process.
async fn run_router(options: Options) -> std::io::Result<()> {
    let stopping = options.stopping.clone();
    let served = router::serve(options).await;
    stopping.cancel();
    served
}

fn trusted_documents(arguments: &Serve) -> anyhow::Result<TrustedDocuments> {
    let Some(path) = &arguments.edge.trusted_documents else {
        return Ok(TrustedDocuments::default());
    };
    let documents = TrustedDocuments::read(path);
    let mut documents = documents
        .with_context(|| format!("--trusted-documents {} cannot be used", path.display()))?;
    // The REST interface of another process sends its operations as text.
    rest::documents().into_iter().for_each(|text| documents.trust(text));
    Ok(documents)
}

/// What happens between "it listens" and "it has started".
struct Opening<'a> {
    arguments: &'a Serve,
    background: &'a Background,
    graph: Graph,
    load: bool,
    fresh: Vec<Db>,
    readiness: Readiness,
    neighbours: Option<Neighbours>,
    rest: Option<Rest>,
}

impl Opening<'_> {
    async fn open(self, bound: SocketAddr) -> anyhow::Result<()> {
        let arguments = self.arguments;
        if self.load {
            self.load_sample_data().await?;
        }
        for db in &self.fresh {
            db.end_first_start().await.context("the first start cannot be ended")?;
        }
        let reached = reached(bound);
        let graphql: Url = format!("http://{reached}/graphql").parse()?;
        let graphiql = (!arguments.production).then(|| format!("http://{reached}/graphiql"));
        let rest = self.rest.map(|rest| {
            // Elsewhere this process may have another name.
            let graphiql = graphiql.clone().filter(|_| bound.ip().is_loopback());
            let graph = self.graph.clone();
            let transport = InProcess { graph, tasks: self.background.tasks.clone() };
            rest.serve(Arc::new(transport), graphiql, self.readiness, self.background)
        });
        let addresses = Addresses { graphql: graphql.into(), graphiql, rest };
        announce(&addresses, "Agora is ready.", arguments.ready_file.as_deref())
    }

    async fn load_sample_data(&self) -> anyhow::Result<()> {
        if self.arguments.production {
            tracing::warn!(
                "The sample data is not loaded: with --production no account gets a known password."
            );
            return Ok(());
        }
        if let Some(neighbours) = &self.neighbours {
            let wait = Wait::at_most(Duration::from_secs(self.arguments.start_timeout));
            let all = neighbours.wait_for_all(&wait).await;
            all.context("the sample data cannot be loaded: see --start-timeout")?;
        }
        let client = Client::in_process(self.graph.clone());
        sample_data::load(&client).await.context("the sample data cannot be loaded")
    }
}
