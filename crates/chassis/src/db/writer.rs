//! SQLite's one writer: it groups what is waiting into one durable commit.
//!
//! It opens `begin immediate`, runs every waiting closure, commits once with `synchronous = full`,
//! and only then answers each caller: one `fsync` serves the whole group. A closure that fails undoes
//! only itself: when it had written something, the group is run again with a savepoint for each.

use super::{DbError, QUEUE_WRITES, Statements, Tx, WriteError};
use crate::step;
use futures::{FutureExt, future::BoxFuture};
use sqlx::{SqliteConnection, SqlitePool};
use std::convert::Infallible;
use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Writes that share one commit.
const GROUP_WRITES: usize = 128;
/// A group that takes longer than this has stalled: the disk hangs, or somebody else has the lock.
/// Until it ends, who waits and who comes is refused with [`DbError::Busy`]. A busy disk may take
/// the better part of a second for a sync; a peer who waits for the answer gives up after two.
const STALLED: Duration = Duration::from_millis(1_500);
/// Pause before the lock is asked for again that somebody else has.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

type Queue = mpsc::Receiver<Box<dyn Job>>;

#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    task: Arc<Mutex<Option<JoinHandle<Ended>>>>,
    closing: CancellationToken,
    progress: Progress,
}

/// What a writer leaves: its connection, and the lock that makes this process the owner.
struct Ended {
    tx: Tx,
    owned: Option<File>,
}

/// Since when the group has been running that is being written.
#[derive(Clone)]
struct Progress {
    start: Instant,
    /// Milliseconds since `start`; 0 when nothing is being written.
    began: Arc<AtomicU64>,
}

impl Progress {
    fn new() -> Self {
        Self { start: Instant::now(), began: Arc::default() }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    fn begin(&self) {
        self.began.store(self.millis(), Ordering::Relaxed);
    }

    fn end(&self) {
        self.began.store(0, Ordering::Relaxed);
    }

    fn has_stalled(&self) -> bool {
        let began = self.began.load(Ordering::Relaxed);
        let running = Duration::from_millis(self.millis().saturating_sub(began));
        began != 0 && running > STALLED
    }
}

trait Job: Send {
    /// Runs the closure, perhaps not for the first time.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Ran>;
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, committed: Result<(), DbError>);
}

/// What a closure came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    Done,
    /// It changed its mind before it had written anything.
    Refused,
    /// It must be undone; the database may have undone the whole transaction already.
    Failed,
}

struct Write<T, E, W> {
    work: W,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<T, E, W> Job for Write<T, E, W>
where
    T: Send,
    E: WriteError,
    W: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Ran> {
        async move {
            tx.written = false;
            // A closure that panics must not take the writer with it; its caller sees a closed channel.
            self.outcome = AssertUnwindSafe((self.work)(tx)).catch_unwind().await.ok();
            match &self.outcome {
                Some(Ok(_)) => Ran::Done,
                Some(Err(error)) if error.database().is_none() && !tx.written => Ran::Refused,
                Some(Err(_)) | None => Ran::Failed,
            }
        }
        .boxed()
    }

    fn answer(self: Box<Self>, committed: Result<(), DbError>) {
        let answer = match (self.outcome, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            // The group failed, whether or not it came to this one.
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(DbError::from(sqlx::Error::WorkerCrashed).into()),
        };
        // A caller that went away needs no answer.
        let _ = self.caller.send(answer);
    }
}

impl Writer {
    /// `owned` is released after the connection is closed.
    pub(super) fn start(
        connection: SqliteConnection,
        statements: Statements,
        owned: Option<File>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_WRITES);
        let closing = CancellationToken::new();
        let progress = Progress::new();
        let mut tx = Tx::sqlite(connection, statements);
        let (closed, seen) = (closing.clone(), progress.clone());
        let task = tokio::spawn(async move {
            serve(&mut tx, waiting, closed, seen).await;
            Ended { tx, owned }
        });
        Self { queue, task: Arc::new(Mutex::new(Some(task))), closing, progress }
    }

    pub(super) async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        W: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    {
        if self.progress.has_stalled() {
            return Err(DbError::Busy.into());
        }
        let (caller, answer) = oneshot::channel();
        self.queue.try_send(Box::new(Write { work, outcome: None, caller })).map_err(|error| {
            match error {
                mpsc::error::TrySendError::Full(_) => DbError::Busy,
                mpsc::error::TrySendError::Closed(_) => sqlx::Error::PoolClosed.into(),
            }
        })?;
        answer.await.unwrap_or_else(|_| Err(DbError::from(sqlx::Error::PoolClosed).into()))
    }

    pub(super) fn waiting(&self) -> usize {
        QUEUE_WRITES - self.queue.capacity()
    }

    /// Lets what is queued finish, then closes every connection, one after the other and the
    /// writer's last: SQLite copies the write-ahead log into the database and removes it when the
    /// last connection is closed, and only if no other is open or being closed at that moment.
    pub(super) async fn close(&self, readers: &SqlitePool) {
        self.closing.cancel();
        let task = self.task.lock().await.take();
        let ended = match task {
            // A writer that panicked has nothing left to finish.
            Some(task) => task.await.ok(),
            None => None,
        };
        readers.close().await;
        if let Some(Ended { tx, owned }) = ended {
            tx.close().await;
            drop(owned);
        }
    }
}

async fn serve(tx: &mut Tx, mut queue: Queue, closing: CancellationToken, progress: Progress) {
    loop {
        let first = tokio::select! {
            biased;
            job = queue.recv() => job,
            () = closing.cancelled() => { queue.close(); queue.recv().await }
        };
        let Some(first) = first else { return };
        let mut group = Vec::new();
        progress.begin();
        let committed = commit_group(tx, first, &mut queue, &closing, &mut group).await;
        progress.end();
        if committed.is_err() {
            // The transaction may be gone already (disk full), then there is nothing to roll back.
            let _ = tx.control("rollback").await;
        }
        for job in group {
            job.answer(committed.clone());
        }
    }
}

/// Runs `first` and whatever else waits, and commits. Every job that was taken and not refused is in
/// `group` afterwards.
async fn commit_group(
    tx: &mut Tx,
    first: Box<dyn Job>,
    queue: &mut Queue,
    closing: &CancellationToken,
    group: &mut Vec<Box<dyn Job>>,
) -> Result<(), DbError> {
    group.push(first);
    begin(tx, queue, closing, group).await?;
    if !run_together(tx, queue, group).await {
        // The transaction may be gone already (disk full), then there is nothing to roll back.
        let _ = tx.control("rollback").await;
        begin(tx, queue, closing, group).await?;
        run_apart(tx, group).await?;
    }
    if group.is_empty() {
        return tx.control("rollback").await;
    }
    step!("commit", or_refuse(tx.control("commit"), queue, &mut Vec::new()))
}

/// Most writes work, or are refused before they have written anything: nothing has to be undone,
/// and a savepoint for each would cost two calls to SQLite's thread. `false` when one failed.
async fn run_together(tx: &mut Tx, queue: &mut Queue, group: &mut Vec<Box<dyn Job>>) -> bool {
    while let Some(job) = group.last_mut() {
        if job.run(tx).await == Ran::Failed {
            return false;
        }
        if group.len() == GROUP_WRITES {
            break;
        }
        match queue.try_recv() {
            Ok(job) => group.push(job),
            Err(_) => break,
        }
    }
    true
}

/// Each job so that it can be undone alone.
async fn run_apart(tx: &mut Tx, group: &mut [Box<dyn Job>]) -> Result<(), DbError> {
    for job in group {
        tx.control("savepoint write").await?;
        match job.run(tx).await {
            Ran::Done | Ran::Refused => tx.control("release write").await?,
            // A full disk or a fault of it may have undone the transaction, and the savepoint with it.
            Ran::Failed => {
                let undone = tx.control("rollback to write; release write").await;
                undone.map_err(|_| DbError::Undone)?;
            }
        }
    }
    Ok(())
}

/// Begins as soon as the lock is free. `group` is empty when it took so long that all were refused.
async fn begin(
    tx: &mut Tx,
    queue: &mut Queue,
    closing: &CancellationToken,
    group: &mut Vec<Box<dyn Job>>,
) -> Result<(), DbError> {
    loop {
        match or_refuse(tx.control("begin immediate"), queue, group).await {
            Err(error) if error.is_locked() && group.is_empty() && !closing.is_cancelled() => {
                tokio::time::sleep(LOCK_PAUSE).await;
            }
            begun => return begun,
        }
    }
}

/// Awaits `step`. Once it has stalled, `waiting` and the queue are refused, and so is who comes.
async fn or_refuse<T>(
    step: impl Future<Output = T>,
    queue: &mut Queue,
    waiting: &mut Vec<Box<dyn Job>>,
) -> T {
    let refuse = async {
        tokio::time::sleep(STALLED).await;
        for job in waiting.drain(..) {
            job.answer(Err(DbError::Busy));
        }
        while let Some(job) = queue.recv().await {
            job.answer(Err(DbError::Busy));
        }
        // Nobody will come any more.
        std::future::pending::<Infallible>().await
    };
    tokio::select! {
        done = step => done,
        never = refuse => match never {},
    }
}
