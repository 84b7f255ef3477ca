//! So many at a time. Placing an order makes calls that are given up after two seconds; with a
//! thousand under way at once all of them would take longer, and come to nothing together.

use crate::Error;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Orders that are being placed at the same time, a process.
const RUNNING: usize = 64;
/// Orders that are being placed or wait for their turn; one more is refused at once.
const ADMITTED: usize = 1024;
/// How long one waits for its turn; then it is refused, and nothing was done.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who may place an order now, and who waits.
pub(crate) struct Turns {
    admitted: Semaphore,
    running: Semaphore,
}

/// Given back when dropped.
pub(super) struct Turn<'t> {
    _admitted: SemaphorePermit<'t>,
    _running: SemaphorePermit<'t>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { admitted: Semaphore::new(ADMITTED), running: Semaphore::new(RUNNING) }
    }
}

impl Turns {
    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Crowded`] when too many wait, or it took too long.
    pub(super) async fn take(&self) -> Result<Turn<'_>, Error> {
        let admitted = self.admitted.try_acquire().map_err(|_| Error::Crowded)?;
        match timeout(PATIENCE, self.running.acquire()).await {
            Ok(Ok(running)) => Ok(Turn { _admitted: admitted, _running: running }),
            Ok(Err(_)) | Err(_) => Err(Error::Crowded),
        }
    }
}
