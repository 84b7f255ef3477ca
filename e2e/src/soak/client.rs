//! A client that does not give up: it asks again until it knows what happened.

use super::History;
use reqwest::Client as Http;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long one attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a client asks again: an attempt that died is given up after twenty seconds at most.
const PATIENCE: Duration = Duration::from_secs(120);
/// Pauses between two attempts.
const PAUSE: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// Errors after which nobody knows what happened, or nothing did: ask again.
const TRANSIENT: [&str; 3] = ["UNAVAILABLE", "SUBGRAPH_UNAVAILABLE", "QUERY_PLAN_BUILD_FAILED"];

/// What one attempt came to.
pub(super) enum Attempt {
    /// The one field of the answer, and whether it repeats an earlier answer.
    Answer { payload: Value, replayed: bool },
    /// It may have happened or not, and why nobody knows.
    Unknown(String),
}

/// What all attempts together came to.
pub(super) struct Settled {
    pub(super) payload: Value,
    pub(super) replayed: bool,
    /// Some attempt before the last one may have happened.
    pub(super) doubtful: bool,
}

impl Settled {
    /// The code of the first user error; none when it worked.
    pub(super) fn refusal(&self) -> Option<&str> {
        self.payload["userErrors"][0]["code"].as_str()
    }
}

#[derive(Clone)]
pub(super) struct Client {
    http: Http,
    url: String,
    history: History,
}

impl Client {
    pub(super) fn new(url: &str, history: History) -> Result<Self, String> {
        let http = Http::builder().timeout(ATTEMPT_TIMEOUT).no_proxy().build();
        let http = http.map_err(|error| error.to_string())?;
        Ok(Self { http, url: url.to_owned(), history })
    }

    /// Asks once. An error is an answer that no client may ever get.
    pub(super) async fn attempt(&self, operation: &str, input: &Value) -> Result<Attempt, String> {
        let body = json!({ "query": operation, "variables": input });
        let sent = self.http.post(&self.url).json(&body).send().await;
        let answer = match sent {
            Ok(response) => response.json::<Value>().await,
            Err(error) => Err(error),
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Ok(Attempt::Unknown(error.to_string())),
        };
        let errors = answer["errors"].take();
        for error in errors.as_array().into_iter().flatten() {
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            if !TRANSIENT.contains(&code) {
                return Err(format!("{operation} {input} was answered with {errors}"));
            }
        }
        if !errors.is_null() {
            return Ok(Attempt::Unknown(errors[0]["extensions"]["code"].to_string()));
        }
        let replayed = answer["extensions"]["idempotentReplay"] == json!(true);
        let data = answer["data"].as_object_mut().and_then(|data| data.values_mut().next());
        match data {
            Some(payload) => Ok(Attempt::Answer { payload: payload.take(), replayed }),
            None => Err(format!("{operation} {input} was answered with nothing: {answer}")),
        }
    }

    /// Asks until there is an answer that will not change any more.
    pub(super) async fn settle(
        &self,
        mut doubtful: bool,
        operation: &str,
        input: &Value,
    ) -> Result<Settled, String> {
        let (end, mut pause) = (Instant::now() + PATIENCE, PAUSE);
        loop {
            let why = match self.attempt(operation, input).await? {
                Attempt::Answer { payload, replayed } => {
                    let settled = Settled { payload, replayed, doubtful };
                    if settled.refusal() != Some("CONFLICT") {
                        return Ok(settled);
                    }
                    "CONFLICT".to_owned()
                }
                Attempt::Unknown(why) => why,
            };
            self.history.note(&format!("{input} unknown, {why}"));
            doubtful = true;
            if Instant::now() > end {
                return Err(format!("{input} got no answer within {PATIENCE:?}; the last: {why}"));
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Asks once and hangs up after `patience`, whatever comes of it.
    pub(super) async fn hang_up(&self, patience: Duration, operation: &str, input: &Value) {
        let _ = timeout(patience, self.attempt(operation, input)).await;
    }
}
