//! Clients who ask the same at the same time share one answer.
//!
//! Nobody gets an answer from before the question: who comes while the same is being asked waits
//! for it to end, and shares the next answer with everybody else who came meanwhile. So a client
//! sees what it wrote, and a crowd in front of one list costs as much as two clients.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// What is being asked at this moment, by question. The question must hold everything on which the
/// answer depends, such as who asks.
#[derive(Debug)]
pub struct Sharing<K, T> {
    questions: Mutex<HashMap<K, Open<T>>>,
}

/// A question, and how many want to know.
#[derive(Debug)]
struct Open<T> {
    question: Arc<Question<T>>,
    count: usize,
}

/// One question, for as long as somebody wants to know.
#[derive(Debug)]
struct Question<T> {
    /// Held by whoever is asking.
    turn: tokio::sync::Mutex<()>,
    /// The answer that is asked for after this one.
    next: Mutex<Arc<OnceCell<T>>>,
}

impl<K, T> Default for Sharing<K, T> {
    fn default() -> Self {
        Self { questions: Mutex::default() }
    }
}

impl<T> Default for Question<T> {
    fn default() -> Self {
        Self { turn: tokio::sync::Mutex::default(), next: Mutex::default() }
    }
}

impl<K: Clone + Eq + Hash, T: Clone> Sharing<K, T> {
    /// The answer to `question`, which `find` finds; it is called at most once.
    pub async fn share<F>(&self, question: K, find: impl FnOnce() -> F) -> T
    where
        F: Future<Output = T>,
    {
        let asked = self.ask(question);
        let shared = Arc::clone(&locked(&asked.question.next));
        let asking = async {
            let _turn = asked.question.turn.lock().await;
            asked.question.begin(&shared);
            find().await
        };
        // When whoever asks goes away, one of those who wait takes over.
        shared.get_or_init(|| asking).await.clone()
    }

    fn ask(&self, key: K) -> Asked<'_, K, T> {
        let mut questions = locked(&self.questions);
        let open = questions
            .entry(key.clone())
            .or_insert_with(|| Open { question: Arc::default(), count: 0 });
        open.count += 1;
        let question = Arc::clone(&open.question);
        Asked { sharing: self, key, question }
    }
}

impl<T> Question<T> {
    /// Whoever comes from now on comes too late for `answer`.
    fn begin(&self, answer: &Arc<OnceCell<T>>) {
        let mut next = locked(&self.next);
        if Arc::ptr_eq(&next, answer) {
            *next = Arc::default();
        }
    }
}

/// Somebody wants to know. The last one who stops wanting takes the question away.
struct Asked<'s, K: Eq + Hash, T> {
    sharing: &'s Sharing<K, T>,
    key: K,
    question: Arc<Question<T>>,
}

impl<K: Eq + Hash, T> Drop for Asked<'_, K, T> {
    fn drop(&mut self) {
        let mut questions = locked(&self.sharing.questions);
        let Some(open) = questions.get_mut(&self.key) else { return };
        open.count -= 1;
        if open.count == 0 {
            questions.remove(&self.key);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Semaphore;

    #[tokio::test]
    async fn who_comes_while_the_same_is_asked_shares_the_next_answer() {
        let (sharing, asked, gate) = (Sharing::default(), AtomicUsize::new(0), Semaphore::new(0));
        let find = || async {
            let number = asked.fetch_add(1, Ordering::Relaxed);
            gate.acquire().await.unwrap().forget();
            number
        };

        let mut first = Box::pin(sharing.share("users", find));
        assert!((&mut first).now_or_never().is_none());
        let mut later = Box::pin(join_all((0..5).map(|_| sharing.share("users", find))));
        assert!((&mut later).now_or_never().is_none());
        gate.add_permits(2);

        assert_eq!(first.await, 0);
        assert_eq!(later.await, [1; 5]);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        assert!(locked(&sharing.questions).is_empty());
    }

    #[tokio::test]
    async fn another_question_has_an_answer_of_its_own() {
        let sharing = &Sharing::default();
        let answer = |number: u32| sharing.share(number, async move || number * 10);
        assert_eq!(join_all([1, 2].map(answer)).await, [10, 20]);
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_question_to_the_others() {
        let (sharing, gate) = (Sharing::default(), Semaphore::new(0));
        let find = || async { gate.acquire().await.unwrap().forget() };

        let mut first = Box::pin(sharing.share("users", find));
        assert!((&mut first).now_or_never().is_none());
        let mut second = Box::pin(sharing.share("users", find));
        assert!((&mut second).now_or_never().is_none());
        let mut third = Box::pin(sharing.share("users", find));
        assert!((&mut third).now_or_never().is_none());
        drop(first);
        assert!((&mut second).now_or_never().is_none());
        drop(second);
        gate.add_permits(1);

        third.await;
        assert!(locked(&sharing.questions).is_empty());
    }
}
