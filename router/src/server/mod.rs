//! Accepts connections, and stops in order.

mod activity;
mod connection;
mod socket;

use crate::app::app;
use crate::edge::Edge;
use connection::Server;
use socket::Socket;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Connections that are open at the same time. Others wait until one is closed.
const MAX_CONNECTIONS: usize = 2_048;
/// How long requests in progress may take when the router stops.
pub(crate) const DRAIN_TIME: Duration = Duration::from_secs(6);
/// How long the last answers may take to leave.
const FLUSH_TIME: Duration = Duration::from_secs(1);
/// The pause after the system has refused a connection, for example for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves connections until the router is told to stop, and then those that are open.
pub(crate) async fn serve(listener: TcpListener, edge: Arc<Edge>) -> io::Result<()> {
    let server = Arc::new(Server::new(app(Arc::clone(&edge)), Arc::clone(&edge)));
    let (connections, closing) = (TaskTracker::new(), CancellationToken::new());
    tokio::select! {
        () = accept(&listener, &server, &connections, &closing) => {}
        () = drain(&edge) => {}
    }
    drop(listener);
    closing.cancel();
    connections.close();
    edge.sockets.close();
    let flushed = async {
        connections.wait().await;
        edge.sockets.wait().await;
    };
    if timeout(FLUSH_TIME, flushed).await.is_err() {
        tracing::debug!("Connections were still open after {FLUSH_TIME:?}.");
    }
    edge.cutting.cancel();
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    server: &Arc<Server>,
    connections: &TaskTracker,
    closing: &CancellationToken,
) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let socket = Socket::new(stream, slot);
                let server = Arc::clone(server);
                connections.spawn(server.serve(socket, closing.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "A connection cannot be accepted.");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Returns when the router is told to stop and nothing runs any more, or has run for too long.
///
/// Until then connections are accepted, so that those who ask learn that the router is not ready.
async fn drain(edge: &Edge) {
    edge.stopping.cancelled().await;
    edge.running.close();
    if timeout(DRAIN_TIME, edge.idle()).await.is_err() {
        tracing::warn!("Requests were still running after {DRAIN_TIME:?}.");
    }
}
