//! How this machine reaches what listens.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address at which this machine reaches what listens on `bound`: a wildcard cannot be called.
pub(crate) fn reached(bound: SocketAddr) -> SocketAddr {
    let loopback = match bound {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let host = if bound.ip().is_unspecified() { loopback } else { bound.ip() };
    SocketAddr::new(host, bound.port())
}
