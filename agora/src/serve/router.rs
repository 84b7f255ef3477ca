//! The public endpoint: with everything behind it in this process, or alone.

use super::part::{self, Background, Part};
use super::reached;
use super::ready::{Addresses, announce};
use super::rest::Rest;
use crate::cli::Serve;
use crate::sample_data;
use anyhow::{Context, anyhow};
use chassis::Db;
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
/// How long background tasks may take to finish when the process stops.
const FINISH_TIME: Duration = Duration::from_secs(10);

pub(super) fn serve_all(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let background = Background::new(stopping.clone());
    let rest = runtime.block_on(Rest::bind(arguments))?;
    let parts = runtime.block_on(part::all(arguments, &background))?;
    // Every database must have been empty: a shop that lost one of them is no new shop.
    let fresh = parts.iter().all(|part| part.fresh);
    let databases: Vec<Db> = parts.iter().map(|part| part.db.clone()).collect();
    let subgraphs = runtime.block_on(endpoints(&parts, &background))?;
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

/// Blocks until the router has stopped.
fn run(
    arguments: &Serve,
    runtime: &Runtime,
    stopping: &CancellationToken,
    setup: Setup,
) -> anyhow::Result<()> {
    let port = arguments.port.unwrap_or(arguments.role.default_port());
    let options = Options {
        host: arguments.host,
        port,
        supergraph: SUPERGRAPH.to_owned(),
        subgraphs: setup.subgraphs,
        development: !arguments.production,
        runtime: runtime.handle().clone(),
        stopping: stopping.clone(),
        log: arguments.log.clone(),
        metrics: setup.metrics,
    };
    let opening = Opening {
        graphiql: !arguments.production,
        load: setup.load,
        fresh: setup.fresh,
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
        RouterError::Bind { .. } => anyhow!("{error}: choose another --port"),
        RouterError::Log(_) => anyhow!("{error}: change --log"),
        error => error.into(),
    })
}

/// What happens between "it answers" and "it is ready".
struct Opening {
    graphiql: bool,
    load: bool,
    fresh: Vec<Db>,
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
            sample_data::load(&graphql).await.context("the sample data cannot be loaded")?;
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
