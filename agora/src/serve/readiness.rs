//! What `/readiness` says: whether the part can work now.

use super::neighbours::Neighbours;
use chassis::Db;
use chassis::server::Readiness;
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// An answer is valid for this long: whoever asks, nothing is checked more often.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// How long a database may take to answer.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(1);

/// Ready while every database answers.
pub(super) fn of_databases(databases: Vec<Db>) -> Readiness {
    remembered(move || {
        let databases = databases.clone();
        async move {
            let checks = databases.iter().map(|db| timeout(DATABASE_TIMEOUT, db.check()));
            join_all(checks).await.iter().all(|check| matches!(check, Ok(Ok(()))))
        }
        .boxed()
    })
}

/// Ready while at least one neighbour is.
pub(super) fn of_neighbours(neighbours: Neighbours) -> Readiness {
    remembered(move || {
        let neighbours = neighbours.clone();
        async move { neighbours.is_any_ready().await }.boxed()
    })
}

/// Callers that come while a check runs wait for its answer.
fn remembered(check: impl Fn() -> BoxFuture<'static, bool> + Send + Sync + 'static) -> Readiness {
    let check = Arc::new(check);
    let last = Arc::new(Mutex::new(None::<(Instant, bool)>));
    Arc::new(move || {
        let (check, last) = (Arc::clone(&check), Arc::clone(&last));
        async move {
            let mut last = last.lock().await;
            if let Some((at, answer)) = *last
                && at.elapsed() < CHECK_INTERVAL
            {
                return answer;
            }
            let answer = check().await;
            *last = Some((Instant::now(), answer));
            answer
        }
        .boxed()
    })
}
