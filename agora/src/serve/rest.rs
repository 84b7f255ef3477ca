//! The REST interface: beside the router, or alone.

use super::listen::bind;
use super::neighbours::Neighbours;
use super::part::Background;
use super::readiness;
use super::ready::{Addresses, RestAddresses, announce};
use super::signals::stop_on_signals;
use crate::address::reached;
use crate::cli::Serve;
use anyhow::{anyhow, ensure};
use rest::{Options, Readiness, Service};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

/// In the order of `--rest-ports`.
const SERVICES: [Service; 4] =
    [Service::User, Service::Product, Service::Inventory, Service::Order];

/// Where `/admin/` leads when it leads nowhere else.
const SWAGGER: &str = "/swagger/";

/// The REST interface with its ports taken, but not answering yet.
pub(super) struct Rest {
    listeners: [(Service, TcpListener); 4],
    addresses: RestAddresses,
}

impl Rest {
    pub(super) async fn bind(arguments: &Serve) -> anyhow::Result<Self> {
        let ports = &arguments.listen.rest_ports;
        ensure!(
            ports.len() == SERVICES.len(),
            "--rest-ports takes four ports, not {}",
            ports.len()
        );
        let mut listeners = Vec::new();
        let mut urls = Vec::new();
        for (service, port) in SERVICES.into_iter().zip(ports) {
            let address = SocketAddr::new(arguments.listen.host, *port);
            let listener = bind(address, "other --rest-ports").await?;
            let bound = listener.local_addr()?;
            urls.push(format!("http://{}", reached(bound)));
            listeners.push((service, listener));
        }
        let mut urls = urls.into_iter();
        let mut next = || urls.next().unwrap_or_default();
        let addresses =
            RestAddresses { user: next(), product: next(), inventory: next(), order: next() };
        let listeners = listeners.try_into().map_err(|_| anyhow!("four listeners were bound"))?;
        Ok(Self { listeners, addresses })
    }

    /// Begins to answer, by way of the router at `graphql`. `/admin/` leads to `graphiql`, or to
    /// Swagger UI on the same port where clients may not reach GraphiQL by the name that this
    /// process has for it.
    pub(super) fn serve(
        self,
        graphql: &Url,
        graphiql: Option<String>,
        readiness: Readiness,
        background: &Background,
    ) -> RestAddresses {
        let options = Options {
            listeners: self.listeners,
            graphql: graphql.clone(),
            admin: graphiql.unwrap_or_else(|| SWAGGER.to_owned()),
            readiness,
            stopping: background.stopping.clone(),
        };
        background.tasks.spawn(async move {
            if let Err(error) = rest::serve(options).await {
                tracing::error!(%error, "The REST interface stopped.");
            }
        });
        self.addresses
    }
}

pub(super) async fn serve_alone(arguments: &Serve) -> anyhow::Result<()> {
    let background = Background::new(CancellationToken::new());
    stop_on_signals(&background.stopping)?;
    let rest = Rest::bind(arguments).await?;
    let graphql = &arguments.peers.router_url;
    let router = Neighbours::router(arguments)?;
    background.tasks.spawn(router.clone().report_missing(background.stopping.clone()));
    let readiness = readiness::of_neighbours(router);
    let rest = rest.serve(graphql, None, readiness, &background);
    let addresses = Addresses { graphql: graphql.to_string(), graphiql: None, rest: Some(rest) };
    announce(&addresses, "Agora's REST interface is ready.", arguments.ready_file.as_deref())?;
    background.stopped().await;
    Ok(())
}
