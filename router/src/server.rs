//! Accepts connections, and stops in order.

use crate::app::app;
use crate::edge::Edge;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::timeout;

/// How long requests in progress may take when the router stops.
pub(crate) const DRAIN_TIME: Duration = Duration::from_secs(6);
/// How long the last answers may take to leave.
const FLUSH_TIME: Duration = Duration::from_secs(1);

/// Serves connections until the router is told to stop, and then those that are open.
pub(crate) async fn serve(listener: TcpListener, edge: Arc<Edge>) {
    let app = app(Arc::clone(&edge));
    edge.connections.serve(listener, app, drain(&edge), FLUSH_TIME).await;
}

/// Returns when the router is told to stop and nothing runs any more, or has run for too long.
///
/// Until then connections are accepted, so that those who ask learn that the router is not ready.
async fn drain(edge: &Edge) {
    edge.stopping.cancelled().await;
    edge.connections.running.close();
    if timeout(DRAIN_TIME, edge.idle()).await.is_err() {
        tracing::warn!("Requests were still running after {DRAIN_TIME:?}.");
    }
}
