//! Waiting at start for what other processes bring.

use std::time::{Duration, Instant};

/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(500);
/// A wait that is shorter than this is not worth a line in the log.
const QUIET: Duration = Duration::from_secs(2);

/// Paces the attempts of one wait.
pub(super) struct Wait {
    since: Instant,
    limit: Duration,
}

impl Wait {
    /// A wait that begins now and lasts at most `limit`.
    pub(super) fn at_most(limit: Duration) -> Self {
        Self { since: Instant::now(), limit }
    }

    /// Whether the time is over.
    pub(super) fn is_over(&self) -> bool {
        self.since.elapsed() >= self.limit
    }

    /// Whether it has lasted long enough for the log, which lets one line pass per ten seconds.
    pub(super) fn is_worth_a_line(&self) -> bool {
        self.since.elapsed() >= QUIET
    }

    /// Waits until the next attempt.
    pub(super) async fn pause(&self) {
        tokio::time::sleep(PAUSE).await;
    }
}
