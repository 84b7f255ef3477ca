#![doc = include_str!("../README.md")]

mod activity;
mod connection;
mod limits;
mod socket;

pub use connection::Endless;
pub use limits::Limits;

use axum::Router;
use connection::Server;
use socket::Socket;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The pause after the system has refused a connection, for example for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The connections of one interface, on any number of listeners. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections {
    /// What one client may take.
    pub limits: Limits,
    slots: Arc<Semaphore>,
    /// Requests that have no complete answer yet. Event streams do not count, see [`Endless`].
    pub running: TaskTracker,
    /// What outlives its request, such as WebSockets.
    pub upgraded: TaskTracker,
    /// Cancelled when whatever still runs is cut off.
    pub cutting: CancellationToken,
}

impl Connections {
    /// No connections yet, within these limits.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            slots: Arc::new(Semaphore::new(limits.connections)),
            running: TaskTracker::new(),
            upgraded: TaskTracker::new(),
            cutting: CancellationToken::new(),
        }
    }

    /// Serves `app` until `drained` is over. Then the listener is closed, and connections have
    /// `flush_time` to end; what is open after that is cut off.
    pub async fn serve(
        &self,
        listener: TcpListener,
        app: Router,
        drained: impl Future<Output = ()>,
        flush_time: Duration,
    ) {
        let server = Arc::new(Server::new(app, self.clone()));
        let (open, closing) = (TaskTracker::new(), CancellationToken::new());
        tokio::select! {
            () = self.accept(&listener, &server, &open, &closing) => {}
            () = drained => {}
        }
        drop(listener);
        closing.cancel();
        open.close();
        self.upgraded.close();
        let flushed = async {
            open.wait().await;
            self.upgraded.wait().await;
        };
        if timeout(flush_time, flushed).await.is_err() {
            tracing::debug!("Connections were still open after {flush_time:?}.");
        }
        self.cutting.cancel();
    }

    async fn accept(
        &self,
        listener: &TcpListener,
        server: &Arc<Server>,
        open: &TaskTracker,
        closing: &CancellationToken,
    ) {
        loop {
            // The semaphore is never closed.
            let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let socket = Socket::new(stream, slot, self.limits.write);
                    open.spawn(Arc::clone(server).serve(socket, closing.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "A connection cannot be accepted.");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}
