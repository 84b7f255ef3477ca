//! Taking addresses.

use anyhow::anyhow;
use std::io::ErrorKind;
use std::net::SocketAddr;
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
