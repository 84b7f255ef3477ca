//! Batches what one request loads, without a timer.
//!
//! A `DataLoader` collects keys and starts a task that loads them. Here that task is not spawned
//! on the runtime: it waits inside the request until the request can go no further, which is
//! exactly when every resolver that was ready has asked. So a batch never waits for a clock, is
//! never split by another thread, and a list of any length costs one statement.

use async_graphql::dataloader::DataLoader;
use async_graphql::runtime::Timer;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::task::{FutureObj, Spawn, SpawnError};
use futures::{Stream, StreamExt};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// Most keys of one statement; more are loaded in several.
const BATCH_KEYS: usize = 1000;

type Load = FutureObj<'static, ()>;

/// The loads that one request has asked for and that have not begun.
#[derive(Clone, Default)]
pub struct Batch(Arc<Mutex<Vec<Load>>>);

impl Batch {
    /// A loader whose batches belong to this request.
    pub fn loader<L>(&self, loader: L) -> DataLoader<L> {
        DataLoader::new(loader, self.clone(), NoTimer)
            .delay(Duration::ZERO)
            .max_batch_size(BATCH_KEYS)
    }

    fn take(&self) -> Vec<Load> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Batch {
    fn spawn_obj(&self, load: Load) -> Result<(), SpawnError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(load);
        Ok(())
    }
}

struct NoTimer;

impl Timer for NoTimer {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// A stream of responses that runs the loads its request asks for.
pub(crate) struct Driven<S> {
    responses: S,
    batch: Batch,
    running: FuturesUnordered<Load>,
}

impl<S> Driven<S> {
    pub(crate) fn new(responses: S, batch: Batch) -> Self {
        Self { responses, batch, running: FuturesUnordered::new() }
    }
}

impl<S: Stream + Unpin> Stream for Driven<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        loop {
            if let Poll::Ready(response) = self.responses.poll_next_unpin(cx) {
                return Poll::Ready(response);
            }
            let asked = self.batch.take();
            self.running.extend(asked);
            // One finished load lets resolvers go on; only when none did is there nothing to do.
            let mut finished = false;
            while let Poll::Ready(Some(())) = self.running.poll_next_unpin(cx) {
                finished = true;
            }
            if !finished {
                return Poll::Pending;
            }
        }
    }
}
