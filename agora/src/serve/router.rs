//! The public endpoint: with everything behind it in this process, or alone.

use super::CLOSE_TIME;
use super::listen::{cannot_listen, reached};
use super::neighbours::Neighbours;
use super::part::{self, Background, Part};
use super::readiness;
use super::ready::{Addresses, announce};
use super::rest::Rest;
use super::signals::stop_on_signals;
use super::wait::Wait;
use crate::cli::Serve;
use crate::sample_data;
use anyhow::Context;
use chassis::Db;
use chassis::server::Readiness;
use router::{Endpoint, Metrics, Options, RouterError};
use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

/// The composed graph, as it was committed.
const SUPERGRAPH: &str = include_str!("../../../schema/supergraph.graphql");

pub(super) fn serve_all(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let background = Background::new(stopping.clone());
    let rest = runtime.block_on(async {
        stop_on_signals(&stopping)?;
        Rest::bind(arguments).await
    })?;
    let opening = stopping.run_until_cancelled(part::all(arguments, &background));
    let Some(parts) = runtime.block_on(opening).transpose()? else { return Ok(()) };
    // Every database must have been empty: a shop that lost one of them is no new shop.
    let fresh = parts.iter().all(|part| part.fresh);
    let databases: Vec<Db> = parts.iter().map(|part| part.db.clone()).collect();
    let subgraphs = runtime.block_on(endpoints(&parts, &background))?;
    let names = parts.iter().map(|part| part.subgraph.name());
    let metrics = metrics(names.zip(databases.iter().cloned()).collect());

    let setup = Setup {
        subgraphs,
        metrics: Some(metrics),
        load: arguments.sample_data
            || (fresh && !arguments.no_sample_data && !arguments.production),
        fresh: parts.iter().filter(|part| part.fresh).map(|part| part.db.clone()).collect(),
        readiness: readiness::of_databases(databases.clone()),
        neighbours: None,
        rest: Some((rest, background.clone())),
    };
    let draining = runtime.spawn({
        let background = background.clone();
        async move { background.stopped().await }
    });
    let served = run(arguments, runtime, &stopping, setup);
    runtime.block_on(async {
        // It cannot panic, and nothing aborts it.
        let _ = draining.await;
        // A database that hangs must not hold the exit; the next start recovers it.
        let closing = futures::future::join_all(databases.iter().map(Db::close));
        let _ = tokio::time::timeout(CLOSE_TIME, closing).await;
    });
    served
}

pub(super) fn serve_alone(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
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
    let stopping = CancellationToken::new();
    runtime.block_on(async { stop_on_signals(&stopping) })?;
    let neighbours = Neighbours::subgraphs(arguments, None)?;
    runtime.spawn(neighbours.clone().report_missing(stopping.clone()));
    let setup = Setup {
        subgraphs,
        metrics: None,
        load: arguments.sample_data,
        fresh: Vec::new(),
        readiness: readiness::of_neighbours(neighbours.clone()),
        neighbours: Some(neighbours),
        rest: None,
    };
    run(arguments, runtime, &stopping, setup)
}

/// What differs between the two.
struct Setup {
    subgraphs: Vec<Endpoint>,
    metrics: Option<Metrics>,
    /// Load the sample data before it is ready.
    load: bool,
    /// Databases whose first start ends with that.
    fresh: Vec<Db>,
    readiness: Readiness,
    /// The subgraphs, where other processes run them.
    neighbours: Option<Neighbours>,
    /// The REST interface, once the router answers.
    rest: Option<(Rest, Background)>,
}

/// Blocks until the router has stopped.
fn run(
    arguments: &Serve,
    runtime: &Runtime,
    stopping: &CancellationToken,
    setup: Setup,
) -> anyhow::Result<()> {
    let load = setup.load && !arguments.production;
    if setup.load && !load {
        tracing::warn!(
            "The sample data is not loaded: --production creates no accounts with a known password."
        );
    }
    let options = Options {
        host: arguments.listen.host,
        port: arguments.listen.port(),
        supergraph: SUPERGRAPH.to_owned(),
        subgraphs: setup.subgraphs,
        development: !arguments.production,
        runtime: runtime.handle().clone(),
        stopping: stopping.clone(),
        readiness: Arc::clone(&setup.readiness),
        metrics: setup.metrics,
    };
    let opening = Opening {
        graphiql: !arguments.production,
        load,
        wait: Wait::at_most(Duration::from_secs(arguments.start_timeout)),
        neighbours: setup.neighbours,
        fresh: setup.fresh,
        readiness: setup.readiness,
        rest: setup.rest,
        ready_file: arguments.ready_file.clone(),
        failed: Arc::default(),
        stopping: stopping.clone(),
    };
    let (failed, handle) = (Arc::clone(&opening.failed), runtime.handle().clone());
    let served = router::run(options, move |bound| {
        handle.spawn(opening.open(bound));
    });
    stopping.cancel();
    if let Some(error) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error);
    }
    served.map_err(|error| match error {
        RouterError::Bind { address, source } => cannot_listen(address, "another --port", &source),
        error => error.into(),
    })
}

/// What happens between "it answers" and "it is ready".
struct Opening {
    graphiql: bool,
    load: bool,
    wait: Wait,
    neighbours: Option<Neighbours>,
    fresh: Vec<Db>,
    readiness: Readiness,
    rest: Option<(Rest, Background)>,
    ready_file: Option<PathBuf>,
    failed: Arc<Mutex<Option<anyhow::Error>>>,
    stopping: CancellationToken,
}

impl Opening {
    async fn open(self, bound: SocketAddr) {
        let (failed, stopping) = (Arc::clone(&self.failed), self.stopping.clone());
        if let Err(error) = self.try_open(bound).await
            // Who is told to stop while the sample data is loaded has not failed.
            && !stopping.is_cancelled()
        {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            stopping.cancel();
        }
    }

    async fn try_open(self, bound: SocketAddr) -> anyhow::Result<()> {
        let reached = reached(bound);
        let graphql: Url = format!("http://{reached}/graphql").parse()?;
        if self.load {
            if let Some(neighbours) = &self.neighbours {
                let all = neighbours.wait_for_all(&self.wait).await;
                all.context("the sample data cannot be loaded: see --start-timeout")?;
            }
            sample_data::load(&graphql).await.context("the sample data cannot be loaded")?;
        }
        for db in &self.fresh {
            db.end_first_start().await.context("the first start cannot be ended")?;
        }
        let graphiql = self.graphiql.then(|| format!("http://{reached}/graphiql"));
        let rest = match self.rest {
            Some((rest, background)) => {
                // From elsewhere this process may have another name.
                let graphiql = graphiql.clone().filter(|_| bound.ip().is_loopback());
                Some(rest.serve(&graphql, graphiql, self.readiness, &background))
            }
            None => None,
        };
        let addresses = Addresses { graphql: graphql.into(), graphiql, rest };
        announce(&addresses, "Agora is ready.", self.ready_file.as_deref())
    }
}

/// Each part as a function call, with a loopback server of its own for subscriptions.
async fn endpoints(parts: &[Part], background: &Background) -> anyhow::Result<Vec<Endpoint>> {
    // Made anew at each start: nobody but this process knows it.
    let secret = Uuid::new_v4().to_string();
    let mut endpoints = Vec::new();
    for part in parts {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.context("cannot listen on a free port of 127.0.0.1")?;
        let subscriptions = format!("http://{}/graphql", listener.local_addr()?).parse()?;
        let (subgraph, secret) = (part.subgraph.clone(), secret.clone());
        let stopping = background.stopping.clone();
        let serving =
            chassis::server::serve(listener, subgraph.clone(), Some(secret.clone()), stopping);
        background.tasks.spawn(serving);
        endpoints.push(Endpoint::InProcess { subgraph, subscriptions, secret });
    }
    Ok(endpoints)
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
