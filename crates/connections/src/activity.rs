//! Whether a connection is in use.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// The number of requests on one connection that have no complete answer yet.
#[derive(Clone)]
pub(super) struct Activity(Arc<watch::Sender<usize>>);

/// One of these requests. It ends when this is dropped.
pub(super) struct InUse(Activity);

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    pub(super) fn begin(&self) -> InUse {
        self.0.send_modify(|count| *count += 1);
        InUse(self.clone())
    }

    pub(super) fn is_idle(&self) -> bool {
        *self.0.borrow() == 0
    }

    /// Returns when there has been no request for this long.
    pub(super) async fn idle_for(&self, time: Duration) {
        let mut changes = self.0.subscribe();
        loop {
            // The sender lives as long as this.
            let _ = changes.wait_for(|count| *count == 0).await;
            tokio::select! {
                () = sleep(time) => return,
                _ = changes.changed() => {}
            }
        }
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}
