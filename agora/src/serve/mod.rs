//! `agora serve`: puts the parts together, tells where they are, and stops them in order.

mod data;
mod files;
mod part;
mod ready;
mod rest;
mod router;
mod subgraph;

use crate::cli::{Role, Serve};
use anyhow::Context;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::runtime::{Builder, Runtime};

/// The address at which this machine reaches what listens on `bound`: a wildcard cannot be called.
fn reached(bound: SocketAddr) -> SocketAddr {
    let host = if bound.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { bound.ip() };
    SocketAddr::new(host, bound.port())
}

pub(crate) fn serve(arguments: Serve) -> anyhow::Result<()> {
    if !arguments.host.is_loopback() {
        eprintln!(
            "agora: warning: {} can be reached from other machines, and nobody has to sign in",
            arguments.host
        );
    }
    // The router has its own threads; subgraphs, databases and workers live on these.
    let runtime = Builder::new_multi_thread().thread_name("agora").enable_all().build();
    let runtime: Runtime = runtime.context("cannot start threads")?;
    match arguments.role {
        Role::All => router::serve_all(&arguments, &runtime),
        Role::Router => router::serve_alone(&arguments, &runtime),
        Role::Rest => rest::serve_alone(&arguments, &runtime),
        _ => subgraph::serve(&arguments, &runtime),
    }
}
