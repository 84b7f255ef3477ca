//! The REST interface: beside the router, or alone.

use super::part::Background;
use super::reached;
use super::ready::{Addresses, RestAddresses, announce};
use super::subgraph::{DRAIN_TIME, log_to_stderr, stop_on_signals};
use crate::cli::Serve;
use anyhow::{Context, anyhow, ensure};
use rest::{Options, Service};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use url::Url;

/// In the order of `--rest-ports`.
const SERVICES: [Service; 4] =
    [Service::User, Service::Product, Service::Inventory, Service::Order];

/// The REST interface with its ports taken, but not answering yet.
pub(super) struct Rest {
    listeners: [(Service, TcpListener); 4],
    addresses: RestAddresses,
    /// There is no GraphiQL to lead old scripts to.
    production: bool,
}

impl Rest {
    pub(super) async fn bind(arguments: &Serve) -> anyhow::Result<Self> {
        let ports = &arguments.rest_ports;
        ensure!(
            ports.len() == SERVICES.len(),
            "--rest-ports takes four ports, not {}",
            ports.len()
        );
        let mut listeners = Vec::new();
        let mut urls = Vec::new();
        for (service, port) in SERVICES.into_iter().zip(ports) {
            let address = SocketAddr::new(arguments.host, *port);
            let listener = TcpListener::bind(address).await;
            let listener = listener.with_context(|| {
                format!("cannot listen on {address}: choose other --rest-ports")
            })?;
            let bound = listener.local_addr()?;
            urls.push(format!("http://{}", reached(bound)));
            listeners.push((service, listener));
        }
        let mut urls = urls.into_iter();
        let mut next = || urls.next().unwrap_or_default();
        let addresses =
            RestAddresses { user: next(), product: next(), inventory: next(), order: next() };
        let listeners = listeners.try_into().map_err(|_| anyhow!("four listeners were bound"))?;
        Ok(Self { listeners, addresses, production: arguments.production })
    }

    /// Begins to answer, by way of the router at `graphql`.
    pub(super) fn serve(
        self,
        graphql: &Url,
        background: &Background,
    ) -> anyhow::Result<RestAddresses> {
        let graphiql = match self.production {
            true => format!("{}/swagger/", self.addresses.user).parse()?,
            false => graphql.join("/graphiql")?,
        };
        let options = Options {
            listeners: self.listeners,
            graphql: graphql.clone(),
            graphiql,
            stopping: background.stopping.clone(),
        };
        background.tasks.spawn(async move {
            if let Err(error) = rest::serve(options).await {
                tracing::error!(%error, "The REST interface stopped.");
            }
        });
        Ok(self.addresses)
    }
}

pub(super) fn serve_alone(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
    log_to_stderr(arguments)?;
    runtime.block_on(async {
        let background = Background::new(CancellationToken::new());
        let rest = Rest::bind(arguments).await?;
        stop_on_signals(&background.stopping)?;
        let graphql = &arguments.peers.router_url;
        let rest = rest.serve(graphql, &background)?;
        let addresses =
            Addresses { graphql: graphql.to_string(), graphiql: None, rest: Some(rest) };
        let title = "Agora's REST interface is ready.";
        announce(&addresses, title, arguments.ready_file.as_deref())?;
        background.stopping.cancelled().await;
        // Who has not finished by then is cut off.
        let _ = tokio::time::timeout(DRAIN_TIME, background.finish()).await;
        Ok(())
    })
}
