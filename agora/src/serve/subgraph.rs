//! One subgraph as a process of its own.

use super::CLOSE_TIME;
use super::listen::bind;
use super::neighbours::Neighbours;
use super::part::{Background, Part, alone};
use super::readiness;
use super::ready::{Addresses, announce};
use super::signals::stop_on_signals;
use crate::address::reached;
use crate::cli::Serve;
use anyhow::Context;
use chassis::server::{Readiness, Server};
use futures::FutureExt;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

pub(super) async fn serve(arguments: &Serve) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let background = Background::new(stopping.clone());
    stop_on_signals(&stopping)?;
    let address = SocketAddr::new(arguments.listen.host, arguments.listen.port());
    let listener = bind(address, "another --port").await?;
    let bound = listener.local_addr()?;
    let opened = Opened::default();
    background.tasks.spawn(serve_http(opened.server(listener, arguments, &stopping)));

    let opening = stopping.run_until_cancelled(open(arguments, &background)).await;
    let Some(part) = opening.transpose()? else {
        background.stopped().await;
        return Ok(());
    };
    opened.set(&part);
    let neighbours = Neighbours::subgraphs(arguments)?;
    background.tasks.spawn(neighbours.report_missing(stopping.clone()));
    let addresses =
        Addresses { graphql: format!("http://{}/graphql", reached(bound)), ..Addresses::default() };
    let title = format!("Agora's {} subgraph is ready.", part.subgraph.name());
    announce(&addresses, &title, arguments.ready_file.as_deref())?;

    background.stopped().await;
    // A database that hangs must not hold the exit; the next start recovers it.
    let _ = timeout(CLOSE_TIME, part.db.close()).await;
    Ok(())
}

async fn open(arguments: &Serve, background: &Background) -> anyhow::Result<Part> {
    let part = alone(arguments, background).await?;
    if part.fresh {
        part.db.end_first_start().await.context("the first start cannot be ended")?;
    }
    Ok(part)
}

async fn serve_http(server: Server) {
    let stopping = server.stopping.clone();
    if let Err(error) = server.run().await {
        tracing::error!(%error, "The HTTP server stopped.");
        stopping.cancel();
    }
}

/// What the HTTP server, which answers from the start, learns when the database is open.
#[derive(Clone, Default)]
struct Opened {
    subgraph: Arc<OnceLock<chassis::Subgraph>>,
    readiness: Arc<OnceLock<Readiness>>,
}

impl Opened {
    fn server(
        &self,
        listener: TcpListener,
        arguments: &Serve,
        stopping: &CancellationToken,
    ) -> Server {
        let readiness = Arc::clone(&self.readiness);
        Server {
            listener,
            subgraph: Arc::clone(&self.subgraph),
            secret: arguments.peer_secret.clone(),
            readiness: Arc::new(move || match readiness.get() {
                Some(check) => check(),
                None => futures::future::ready(false).boxed(),
            }),
            stopping: stopping.clone(),
        }
    }

    fn set(&self, part: &Part) {
        // Set once: there is one start.
        let _ = self.readiness.set(readiness::of_databases(vec![part.db.clone()]));
        let _ = self.subgraph.set(part.subgraph.clone());
    }
}
