//! Addresses: taking them, and how this machine reaches them.

use anyhow::anyhow;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// Takes `address`.
///
/// # Errors
/// When it cannot be had; the error names `--host` or `port_flag`.
pub(super) async fn bind(address: SocketAddr, port_flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| cannot_listen(address, port_flag, &error))
}

/// Why `address` cannot be had, and the flag to change.
pub(super) fn cannot_listen(
    address: SocketAddr,
    port_flag: &str,
    error: &std::io::Error,
) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrNotAvailable => {
            anyhow!("this machine has no address {}: change --host", address.ip())
        }
        _ => anyhow!("cannot listen on {address}: choose {port_flag}: {error}"),
    }
}

/// The address at which this machine reaches what listens on `bound`: a wildcard cannot be called.
pub(crate) fn reached(bound: SocketAddr) -> SocketAddr {
    let loopback = match bound {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let host = if bound.ip().is_unspecified() { loopback } else { bound.ip() };
    SocketAddr::new(host, bound.port())
}
