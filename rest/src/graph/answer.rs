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
pub(super) struct Answer<T> {
    pub(super) data: Option<T>,
    #[serde(default)]
    pub(super) errors: Vec<TopLevelError>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TopLevelError {
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
    /// The data, if nothing went wrong.
    pub(super) fn whole(self) -> Result<T, Refusal> {
        match (self.data, self.errors.is_empty()) {
            (Some(data), true) => Ok(data),
            _ => Err(refusal(&self.errors)),
        }
    }

    /// The data, also when parts of it are missing: those are null.
    pub(super) fn part(self) -> Result<T, Refusal> {
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
    // The adapters check what they send. What the graph refuses all the same is the client's.
    if let Some(error) = errors.iter().find(|error| code(error, "BAD_USER_INPUT")) {
        return Refusal::Detail(StatusCode::BAD_REQUEST, error.message.clone());
    }
    Refusal::internal(format!("The router answered {errors:?}."))
}
