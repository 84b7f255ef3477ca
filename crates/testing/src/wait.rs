//! Waiting for a condition, never for a length of time.

use std::panic::Location;
use std::time::Duration;
use tokio::time::Instant;

/// Pause between two looks at a condition.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until `condition` answers `true`.
///
/// # Panics
/// When it still does not after `deadline`, naming the caller's line.
#[track_caller]
pub fn wait_until<C, F>(deadline: Duration, mut condition: C) -> impl Future<Output = ()>
where
    C: FnMut() -> F,
    F: Future<Output = bool>,
{
    wait_for(deadline, move || {
        let met = condition();
        async move { met.await.then_some(()) }
    })
}

/// Waits until `look` answers something, and answers that.
///
/// # Panics
/// When it still answers nothing after `deadline`, naming the caller's line.
#[track_caller]
pub fn wait_for<T, L, F>(deadline: Duration, mut look: L) -> impl Future<Output = T>
where
    L: FnMut() -> F,
    F: Future<Output = Option<T>>,
{
    let caller = Location::caller();
    async move {
        let end = Instant::now() + deadline;
        loop {
            // A look that never answers must not outlive the deadline either.
            if let Ok(Some(seen)) = tokio::time::timeout_at(end, look()).await {
                return seen;
            }
            assert!(Instant::now() < end, "waited {deadline:?} in vain at {caller}");
            tokio::time::sleep(PAUSE).await;
        }
    }
}
