//! One subgraph as a process of its own.

use super::part::{Background, alone};
use super::reached;
use super::ready::{Addresses, announce};
use crate::cli::Serve;
use anyhow::Context;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How long requests in flight may take when the process stops.
pub(super) const DRAIN_TIME: Duration = Duration::from_secs(10);

pub(super) fn serve(arguments: &Serve, runtime: &Runtime) -> anyhow::Result<()> {
    log_to_stderr(arguments)?;
    runtime.block_on(run(arguments))
}

/// For parts without the router, which brings a subscriber of its own.
pub(super) fn log_to_stderr(arguments: &Serve) -> anyhow::Result<()> {
    let filter = arguments.log.as_deref().unwrap_or("warn");
    let filter = EnvFilter::try_new(filter).context("--log is not a log filter")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}

async fn run(arguments: &Serve) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let background = Background::new(stopping.clone());
    let port = arguments.port.unwrap_or(arguments.role.default_port());
    let address = SocketAddr::new(arguments.host, port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: choose another --port"))?;
    let bound = listener.local_addr()?;
    let part = alone(arguments, &background).await?;
    if part.fresh {
        part.db.end_first_start().await.context("the first start cannot be ended")?;
    }
    stop_on_signals(&stopping)?;

    let secret = arguments.peer_secret.clone();
    let serving = chassis::server::serve(listener, part.subgraph.clone(), secret, stopping.clone());
    let serving = background.tasks.spawn(serving);
    let addresses =
        Addresses { graphql: format!("http://{}/graphql", reached(bound)), ..Addresses::default() };
    let title = format!("Agora's {} subgraph is ready.", part.subgraph.name());
    announce(&addresses, &title, arguments.ready_file.as_deref())?;

    stopping.cancelled().await;
    // Who has not finished by then is cut off.
    let finished = tokio::time::timeout(DRAIN_TIME, background.finish()).await;
    part.db.close().await;
    if finished.is_ok() { Ok(serving.await??) } else { Ok(()) }
}

pub(super) fn stop_on_signals(stopping: &CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stopping = stopping.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stopping.cancel();
    });
    Ok(())
}
