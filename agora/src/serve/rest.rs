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
use bytes::Bytes;
use connections::Limits;
use futures::FutureExt;
use futures::future::BoxFuture;
use graph::{Answer, Graph, Request};
use rest::{HttpTransport, Operation, Options, Readiness, Service, Transport, TransportError};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// In the order of `--rest-ports`.
const SERVICES: [Service; 4] =
    [Service::User, Service::Product, Service::Inventory, Service::Order];

/// Connections of the REST interface that are open at the same time. Others wait.
const MAX_CONNECTIONS: usize = 1_024;

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

    /// Begins to answer. `/admin/` leads to `graphiql`, or to
    /// Swagger UI on the same port where clients may not reach GraphiQL by the name that this
    /// process has for it.
    pub(super) fn serve(
        self,
        transport: Arc<dyn Transport>,
        graphiql: Option<String>,
        readiness: Readiness,
        background: &Background,
    ) -> RestAddresses {
        let options = Options {
            listeners: self.listeners,
            transport,
            admin: graphiql.unwrap_or_else(|| SWAGGER.to_owned()),
            readiness,
            stopping: background.stopping.clone(),
            limits: Limits { connections: MAX_CONNECTIONS, ..Limits::default() },
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
    let transport = HttpTransport::new(graphql);
    let transport = transport.ok_or_else(|| anyhow!("--router-url {graphql} cannot be used"))?;
    let rest = rest.serve(Arc::new(transport), None, readiness, &background);
    let addresses = Addresses { graphql: graphql.to_string(), graphiql: None, rest: Some(rest) };
    announce(&addresses, "Agora's REST interface is ready.", arguments.ready_file.as_deref())?;
    background.stopped().await;
    Ok(())
}

/// Sends operations to the graph of this process.
pub(super) struct InProcess {
    pub(super) graph: Graph,
    /// Where mutations run whose client may go away.
    pub(super) tasks: TaskTracker,
}

impl Transport for InProcess {
    fn send(&self, operation: Operation) -> BoxFuture<'static, Result<Bytes, TransportError>> {
        let (graph, tasks) = (self.graph.clone(), self.tasks.clone());
        let Operation { query, name, variables } = operation;
        let operation_name = Some(name.to_owned());
        let request = Request { query: query.to_owned(), operation_name, variables };
        async move {
            let failed = |cause: &dyn ToString| TransportError::Failed(cause.to_string());
            match graph.answer(request).await {
                Ok(Answer::Once { mutates: true, response }) => {
                    let response = tasks.spawn(response).await.map_err(|error| failed(&error))?;
                    Ok(response.body)
                }
                Ok(Answer::Once { response, .. }) => Ok(response.await.body),
                Ok(Answer::Stream(_)) => Err(failed(&"the operation is a subscription")),
                Err(rejection) => Ok(rejection.body()),
            }
        }
        .boxed()
    }
}
