//! What one client may take.

use std::time::Duration;

/// How long a client may take, and how many connections there are. The defaults are those of the
/// documents; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections that are open at the same time. Others wait until one is closed.
    pub connections: usize,
    /// How long a client may take to send the head of a request, and how long a connection without
    /// requests is kept.
    pub idle: Duration,
    /// How long a client may leave unread what was sent to it.
    pub write: Duration,
    /// How long nothing may be heard of the client of a WebSocket. It is asked three times as often
    /// whether it is still there.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2_048,
            idle: Duration::from_secs(30),
            write: Duration::from_secs(30),
            silence: Duration::from_secs(45),
        }
    }
}
