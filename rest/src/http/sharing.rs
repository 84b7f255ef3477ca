//! Clients who ask the same at the same time share one answer.
//!
//! Nobody gets an answer from before the question: who comes while the same is being asked waits
//! for it to end, and shares the next answer with everybody else who came meanwhile. So a client
//! sees what it wrote, and a crowd in front of one list costs the graph as much as two clients.

use axum::body::{Body, HttpBody};
use axum::http::response::Parts;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// What is being asked at this moment. Nobody is signed in: answers differ by address alone.
#[derive(Default)]
pub(crate) struct Sharing {
    questions: Mutex<HashMap<String, Open>>,
}

/// A question, and how many want to know.
#[derive(Default)]
struct Open {
    question: Arc<Question>,
    count: usize,
}

/// One question, for as long as somebody wants to know.
#[derive(Default)]
struct Question {
    /// Held by whoever is asking the graph.
    turn: tokio::sync::Mutex<()>,
    /// The answer that is asked for after this one.
    next: Mutex<Arc<Answer>>,
}

/// An answer that may be given more than once; `None` when it is too long to be kept.
type Answer = OnceCell<Option<(Parts, Bytes)>>;

impl Sharing {
    /// The answer to `question`, which `answer` finds.
    pub(super) async fn answer<F>(&self, question: &str, answer: impl Fn() -> F) -> Response
    where
        F: Future<Output = Response>,
    {
        let asked = self.ask(question);
        let shared = Arc::clone(&locked(&asked.question.next));
        let mut long = None;
        let find = async {
            let _turn = asked.question.turn.lock().await;
            asked.question.begin(&shared);
            match keep(answer().await).await {
                Ok(kept) => Some(kept),
                Err(response) => {
                    long = Some(response);
                    None
                }
            }
        };
        // When whoever asks goes away, one of those who wait takes over.
        let kept = shared.get_or_init(|| find).await;
        match (kept, long) {
            (Some((parts, body)), _) => {
                Response::from_parts(parts.clone(), Body::from(body.clone()))
            }
            (None, Some(response)) => response,
            (None, None) => answer().await,
        }
    }

    fn ask(&self, text: &str) -> Asked<'_> {
        let mut questions = locked(&self.questions);
        let open = questions.entry(text.to_owned()).or_default();
        open.count += 1;
        let question = Arc::clone(&open.question);
        Asked { sharing: self, text: text.to_owned(), question }
    }
}

impl Question {
    /// Whoever comes from now on comes too late for `answer`.
    fn begin(&self, answer: &Arc<Answer>) {
        let mut next = locked(&self.next);
        if Arc::ptr_eq(&next, answer) {
            *next = Arc::default();
        }
    }
}

/// Somebody wants to know. The last one who stops wanting takes the question away.
struct Asked<'s> {
    sharing: &'s Sharing,
    text: String,
    question: Arc<Question>,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        let mut questions = locked(&self.sharing.questions);
        let Some(open) = questions.get_mut(&self.text) else { return };
        open.count -= 1;
        if open.count == 0 {
            questions.remove(&self.text);
        }
    }
}

/// The answer as something to give again, unless it is a stream.
async fn keep(response: Response) -> Result<(Parts, Bytes), Response> {
    if response.body().size_hint().exact().is_none() {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    // A body that is in memory already cannot fail.
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Ok((parts, bytes))
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

    async fn text(response: Response) -> String {
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn who_comes_while_the_same_is_asked_shares_the_next_answer() {
        let (sharing, asked, gate) = (Sharing::default(), AtomicUsize::new(0), Semaphore::new(0));
        let answer = || async {
            let number = asked.fetch_add(1, Ordering::Relaxed);
            gate.acquire().await.unwrap().forget();
            Response::new(Body::from(number.to_string()))
        };

        let mut first = Box::pin(sharing.answer("/users/", answer));
        assert!((&mut first).now_or_never().is_none());
        let mut later = Box::pin(join_all((0..5).map(|_| sharing.answer("/users/", answer))));
        assert!((&mut later).now_or_never().is_none());
        gate.add_permits(2);

        assert_eq!(text(first.await).await, "0");
        for response in later.await {
            assert_eq!(text(response).await, "1");
        }
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        assert!(locked(&sharing.questions).is_empty());
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_question_to_the_others() {
        let (sharing, gate) = (Sharing::default(), Semaphore::new(0));
        let answer = || async {
            gate.acquire().await.unwrap().forget();
            Response::new(Body::from("answer"))
        };

        let mut first = Box::pin(sharing.answer("/users/", answer));
        assert!((&mut first).now_or_never().is_none());
        let mut second = Box::pin(sharing.answer("/users/", answer));
        assert!((&mut second).now_or_never().is_none());
        let mut third = Box::pin(sharing.answer("/users/", answer));
        assert!((&mut third).now_or_never().is_none());
        drop(first);
        assert!((&mut second).now_or_never().is_none());
        drop(second);
        gate.add_permits(1);

        assert_eq!(text(third.await).await, "answer");
        assert!(locked(&sharing.questions).is_empty());
    }

    #[tokio::test]
    async fn streams_are_everybody_s_own() {
        let sharing = Sharing::default();
        let answer = || async {
            let chunks = futures::stream::iter([Ok::<_, std::io::Error>("a"), Ok("b")]);
            Response::new(Body::from_stream(chunks))
        };

        let responses = join_all((0..3).map(|_| sharing.answer("/users/", answer))).await;

        for response in responses {
            assert_eq!(text(response).await, "ab");
        }
    }
}
