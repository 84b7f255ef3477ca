//! The signals that stop the process.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `stopping` when the process is told to end: by `SIGTERM`, by Ctrl-C (`SIGINT`), or
/// because its terminal was closed (`SIGHUP`).
///
/// # Errors
/// When the signals cannot be handled.
pub(super) fn stop_on_signals(stopping: &CancellationToken) -> anyhow::Result<()> {
    let handle = |kind| signal(kind).context("cannot handle signals");
    let mut terminate = handle(SignalKind::terminate())?;
    let mut interrupt = handle(SignalKind::interrupt())?;
    let mut hangup = handle(SignalKind::hangup())?;
    let stopping = stopping.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        tracing::info!("Stopping.");
        stopping.cancel();
    });
    Ok(())
}
