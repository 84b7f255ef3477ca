//! Hashing and verifying passwords: slow on purpose, so beside the runtime and a few at once.

mod argon;
mod django;

use crate::Error;
use crate::domain::{Password, PasswordHash};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Passwords worked on at the same time: each takes a core for a while and 19 MiB.
const AT_ONCE: usize = 2;
/// Passwords that may wait for their turn; one more is refused at once.
const WAITING: usize = 64;

/// Hashes and verifies passwords, with limits.
pub(crate) struct Passwords {
    /// One permit a password that is worked on or waits.
    admitted: Arc<Semaphore>,
    /// One permit a password that is worked on.
    running: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            running: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

/// What came out of verifying a password.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and here is the hash that should replace the old one.
    Outdated(PasswordHash),
}

impl Passwords {
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, Error> {
        self.run(move || argon::hash(&password)).await
    }

    /// Verifies `password`; without a hash it is wrong, after as much work as with one.
    pub(crate) async fn verify(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, Error> {
        self.run(move || verify(&password, hash.as_ref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned();
        let admitted = admitted.map_err(|_| Error::TooManyHashes)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|_| Error::TooManyHashes)?;
        // The permits go along: work goes on when its caller went away, and must be counted.
        let work = move || {
            let outcome = work();
            drop((running, admitted));
            outcome
        };
        let outcome = tokio::task::spawn_blocking(work).await;
        outcome.unwrap_or_else(|error| Err(Error::Hashing(error.to_string())))
    }
}

fn verify(password: &Password, hash: Option<&PasswordHash>) -> Result<Verdict, Error> {
    let Some(hash) = hash else {
        argon::hash(password)?;
        return Ok(Verdict::Wrong);
    };
    if argon::is_right(password, hash) {
        return Ok(if argon::is_current(hash) {
            Verdict::Right
        } else {
            Verdict::Outdated(argon::hash(password)?)
        });
    }
    if django::is_right(password, hash) {
        return Ok(Verdict::Outdated(argon::hash(password)?));
    }
    Ok(Verdict::Wrong)
}

#[cfg(test)]
mod tests;
