//! `agora serve`: puts the parts together, tells where they are, and stops them in order.

mod data;
mod files;
mod listen;
mod log;
mod metrics;
mod neighbours;
mod part;
mod readiness;
mod ready;
mod rest;
mod router;
mod signals;
mod subgraph;
mod wait;

use crate::cli::{Role, Serve};
use crate::storage::check_secret;
use anyhow::{Context, ensure};
use std::time::Duration;
use tokio::runtime::Builder;

/// Where the peer secret comes from.
const PEER_SECRET: &str = "--peer-secret (AGORA_PEER_SECRET)";
/// How long requests in flight and workers have when the process stops. Docker waits ten seconds.
const DRAIN_TIME: Duration = Duration::from_secs(7);
/// How long closing the databases may take after that.
const CLOSE_TIME: Duration = Duration::from_secs(1);

pub(crate) fn serve(arguments: Serve) -> anyhow::Result<()> {
    if let Some(secret) = &arguments.peer_secret {
        check_secret(PEER_SECRET, secret)?;
        let is_plain = secret.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        ensure!(is_plain, "{PEER_SECRET} may hold printable ASCII characters only");
    }
    log::start(arguments.log.as_deref())?;
    files::raise_limit();
    if !arguments.listen.host.is_loopback() {
        tracing::warn!(
            "Security warning: {} can be reached from other machines, and nobody has to sign in.",
            arguments.listen.host
        );
    }
    let runtime = Builder::new_multi_thread().thread_name("agora").enable_all().build();
    runtime.context("cannot start threads")?.block_on(async {
        match arguments.listen.role {
            Role::All => router::serve_all(&arguments).await,
            Role::Router => router::serve_alone(&arguments).await,
            Role::Rest => rest::serve_alone(&arguments).await,
            _ => subgraph::serve(&arguments).await,
        }
    })
}
