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

/// How long an answer is valid: checks are not more frequent than this.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// How long a database may take to answer.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(1);

/// Why a part cannot work.
type Cause = String;

/// Ready while every database answers.
pub(super) fn of_databases(databases: Vec<Db>) -> Readiness {
    remembered(move || {
        let databases = databases.clone();
        async move {
            let checks = databases.iter().map(|db| timeout(DATABASE_TIMEOUT, db.check()));
            for check in join_all(checks).await {
                check
                    .map_err(|_| "a database does not answer".to_owned())?
                    .map_err(|error| error.to_string())?;
            }
            Ok(())
        }
        .boxed()
    })
}

/// Ready while at least one neighbour is.
pub(super) fn of_neighbours(neighbours: Neighbours) -> Readiness {
    remembered(move || {
        let neighbours = neighbours.clone();
        async move { neighbours.check_any().await }.boxed()
    })
}

/// Callers that come while a check runs wait for its answer. A part that cannot work says so in the
/// log, which lets one line pass per cause and ten seconds.
fn remembered(
    check: impl Fn() -> BoxFuture<'static, Result<(), Cause>> + Send + Sync + 'static,
) -> Readiness {
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
            let checked = check().await;
            if let Err(cause) = &checked {
                tracing::warn!(cause, "This part is not ready.");
            }
            *last = Some((Instant::now(), checked.is_ok()));
            checked.is_ok()
        }
        .boxed()
    })
}
