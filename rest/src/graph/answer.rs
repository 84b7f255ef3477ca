//! What the router answers.

use super::operations::UserErrorCode;
use crate::http::Refusal;
use axum::http::StatusCode;
use serde::Deserialize;

/// Why a mutation changed nothing.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) code: UserErrorCode,
    /// The way into the input, camelCase; empty when no single field is at fault.
    pub(crate) path: Vec<String>,
    pub(crate) message: String,
}

/// The body of an answer.
#[derive(Deserialize)]
pub(crate) struct Answer<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<TopLevelError>,
    #[serde(default)]
    extensions: Remarks,
}

/// What the graph says about its answer.
#[derive(Default, Deserialize)]
struct Remarks {
    #[serde(default, rename = "idempotentReplay")]
    replayed: bool,
}

#[derive(Debug, Deserialize)]
struct TopLevelError {
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Debug, Default, Deserialize)]
struct Extensions {
    #[serde(default)]
    code: String,
    /// The subgraph that did not answer.
    subgraph: Option<String>,
}

impl<T> Answer<T> {
    /// Whether a request with the same idempotency key was carried out before, and nothing now.
    pub(crate) fn is_replay(&self) -> bool {
        self.extensions.replayed
    }

    /// The data, if nothing went wrong.
    pub(crate) fn whole(self) -> Result<T, Refusal> {
        match (self.data, self.errors.is_empty()) {
            (Some(data), true) => Ok(data),
            _ => Err(refusal(&self.errors)),
        }
    }

    /// The data, also when parts of it are missing: those are null.
    pub(crate) fn part(self) -> Result<T, Refusal> {
        self.data.ok_or_else(|| refusal(&self.errors))
    }
}

fn refusal(errors: &[TopLevelError]) -> Refusal {
    let code = |error: &&TopLevelError, code: &str| error.extensions.code == code;
    // A subgraph that is away explains whatever else went wrong.
    if let Some(error) = errors.iter().find(|error| code(error, "SUBGRAPH_UNAVAILABLE")) {
        return match error.extensions.subgraph.as_deref() {
            Some(subgraph) => Refusal::down(subgraph),
            None => Refusal::Busy,
        };
    }
    if errors.iter().any(|error| code(&error, "UNAVAILABLE")) {
        return Refusal::Busy;
    }
    // The adapters check what they send. What the graph refuses nevertheless is the client's.
    let is_request_s = |error: &&TopLevelError| {
        code(error, "BAD_USER_INPUT") || code(error, "QUERY_TOO_EXPENSIVE")
    };
    if let Some(error) = errors.iter().find(is_request_s) {
        return Refusal::Detail(StatusCode::BAD_REQUEST, error.message.clone());
    }
    Refusal::internal(format!("The router answered {errors:?}."))
}
