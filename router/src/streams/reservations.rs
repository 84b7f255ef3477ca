//! Streams of GraphQL over Server-Sent Events that many operations share.

use bytes::Bytes;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::task::AbortOnDropHandle;

/// How long a reserved stream waits for the client to open it.
const RESERVATION_TIMEOUT: Duration = Duration::from_secs(20);
/// Operations that run at the same time on one stream.
const MAX_OPERATIONS: usize = 100;
/// Messages that wait for a client that reads slowly.
const MAX_WAITING_MESSAGES: usize = 16;
const TOKEN_BYTES: usize = 16;

/// All reserved and open streams, by their tokens.
#[derive(Clone, Default)]
pub(crate) struct Reservations(Arc<Mutex<HashMap<String, Arc<Reservation>>>>);

/// A reserved or open stream.
pub(super) struct Reservation {
    messages: mpsc::Sender<Bytes>,
    /// Gone once the stream is open.
    unopened: Mutex<Option<mpsc::Receiver<Bytes>>>,
    operations: Mutex<Operations>,
    _permit: OwnedSemaphorePermit,
}

#[derive(Default)]
struct Operations {
    count: u64,
    running: HashMap<String, Operation>,
}

struct Operation {
    number: u64,
    /// Dropped with the stream, which ends the operation. `None` while it is planned.
    task: Option<AbortOnDropHandle<()>>,
}

/// An operation's place on a stream. A later operation may have the same id.
#[derive(Clone)]
pub(super) struct Place {
    reservation: Weak<Reservation>,
    pub(super) messages: mpsc::Sender<Bytes>,
    pub(super) id: String,
    number: u64,
}

/// An open stream. Dropping it ends its operations.
pub(super) struct OpenStream {
    pub(super) messages: mpsc::Receiver<Bytes>,
    reservations: Reservations,
    token: String,
}

/// Why an operation has no place on a stream.
pub(super) enum Full {
    IdInUse,
    TooMany,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Reservations {
    /// Reserves a stream; its token, unless the system has no random numbers.
    pub(super) fn add(&self, permit: OwnedSemaphorePermit) -> Option<String> {
        let mut random = [0; TOKEN_BYTES];
        getrandom::fill(&mut random).ok()?;
        let token = random.iter().fold(String::new(), |mut token, byte| {
            // Writing to a string cannot fail.
            let _ = write!(token, "{byte:02x}");
            token
        });
        let (messages, unopened) = mpsc::channel(MAX_WAITING_MESSAGES);
        let reservation = Reservation {
            messages,
            unopened: Mutex::new(Some(unopened)),
            operations: Mutex::default(),
            _permit: permit,
        };
        lock(&self.0).insert(token.clone(), Arc::new(reservation));
        let (reservations, expiring) = (self.clone(), token.clone());
        tokio::spawn(async move {
            tokio::time::sleep(RESERVATION_TIMEOUT).await;
            let unopened = |it: Arc<Reservation>| lock(&it.unopened).is_some();
            if reservations.get(&expiring).is_some_and(unopened) {
                reservations.remove(&expiring);
            }
        });
        Some(token)
    }

    pub(super) fn get(&self, token: &str) -> Option<Arc<Reservation>> {
        lock(&self.0).get(token).cloned()
    }

    /// Opens a stream; `None` when it is open already.
    pub(super) fn open(&self, token: &str, reservation: &Reservation) -> Option<OpenStream> {
        let messages = lock(&reservation.unopened).take()?;
        Some(OpenStream { messages, reservations: self.clone(), token: token.to_owned() })
    }

    fn remove(&self, token: &str) {
        let removed = lock(&self.0).remove(token);
        if let Some(reservation) = removed {
            let ended = std::mem::take(&mut lock(&reservation.operations).running);
            drop(ended);
        }
    }
}

impl OpenStream {
    /// The ids of the operations that run.
    pub(super) fn running(&self) -> Vec<String> {
        let reservation = self.reservations.get(&self.token);
        let ids = reservation.map(|it| lock(&it.operations).running.keys().cloned().collect());
        ids.unwrap_or_default()
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.reservations.remove(&self.token);
    }
}

impl Reservation {
    /// Reserves the place of an operation that is about to be planned.
    pub(super) fn place(self: &Arc<Self>, id: &str) -> Result<Place, Full> {
        let mut operations = lock(&self.operations);
        if operations.running.contains_key(id) {
            return Err(Full::IdInUse);
        }
        if operations.running.len() >= MAX_OPERATIONS {
            return Err(Full::TooMany);
        }
        operations.count += 1;
        let number = operations.count;
        operations.running.insert(id.to_owned(), Operation { number, task: None });
        Ok(Place {
            reservation: Arc::downgrade(self),
            messages: self.messages.clone(),
            id: id.to_owned(),
            number,
        })
    }

    /// Ends an operation; where its end can be announced, if there was one.
    pub(super) fn stop(&self, id: &str) -> Option<mpsc::Sender<Bytes>> {
        let stopped = lock(&self.operations).running.remove(id);
        stopped.map(|_| self.messages.clone())
    }
}

impl Place {
    /// Runs the operation, unless the client has stopped it or closed the stream.
    pub(super) fn run(self, work: impl Future<Output = ()> + Send + 'static) -> bool {
        let Some(reservation) = self.reservation.upgrade() else { return false };
        let mut operations = lock(&reservation.operations);
        let operation = operations.running.get_mut(&self.id);
        match operation.filter(|operation| operation.number == self.number) {
            Some(operation) => {
                operation.task = Some(AbortOnDropHandle::new(tokio::spawn(work)));
                true
            }
            None => false,
        }
    }

    /// Gives the id free; whether the operation had not been stopped.
    pub(super) fn leave(&self) -> bool {
        let Some(reservation) = self.reservation.upgrade() else { return false };
        let mut operations = lock(&reservation.operations);
        let number = operations.running.get(&self.id).map(|operation| operation.number);
        if number != Some(self.number) {
            return false;
        }
        // The operation itself may be calling: it must not be aborted before it has returned.
        if let Some(task) = operations.running.remove(&self.id).and_then(|it| it.task) {
            task.detach();
        }
        true
    }
}
