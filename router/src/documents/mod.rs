//! Operations that clients name instead of sending them: automatic persisted queries and trusted
//! documents.

mod manifest;

pub use manifest::{ManifestError, TrustedDocuments};

use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::http::StatusCode;
use moka::sync::Cache;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// The size of all documents that clients have registered, with their hashes, in bytes.
const MAX_REGISTERED_BYTES: u64 = 8 * 1024 * 1024;
/// How long a registered document is kept after its last use.
const REGISTERED_IDLE: Duration = Duration::from_secs(3_600);

/// Finds the document of a request.
pub(crate) struct Documents {
    trusted: TrustedDocuments,
    /// Only trusted documents are executed.
    trusted_only: bool,
    /// Automatic persisted queries, by their hash in lower-case hexadecimal digits.
    registered: Cache<String, Arc<str>>,
}

/// A document to remember once the graph has accepted it.
pub(crate) struct Registration {
    hash: String,
    query: Arc<str>,
}

/// `extensions.persistedQuery`.
struct PersistedQuery {
    hash: String,
}

impl Documents {
    pub(crate) fn new(trusted: TrustedDocuments, trusted_only: bool) -> Self {
        let weight = |hash: &String, query: &Arc<str>| {
            u32::try_from(hash.len() + query.len()).unwrap_or(u32::MAX)
        };
        let registered = Cache::builder()
            .max_capacity(MAX_REGISTERED_BYTES)
            .weigher(weight)
            .time_to_idle(REGISTERED_IDLE)
            .build();
        Self { trusted, trusted_only, registered }
    }

    /// Makes a request of parameters: with the document itself, whichever way the client named it.
    pub(crate) fn resolve(
        &self,
        parameters: Parameters,
    ) -> Result<(graph::Request, Option<Registration>), Problem> {
        let persisted = PersistedQuery::read(&parameters.extensions)?;
        let Parameters { query, operation_name, variables, document_id, .. } = parameters;
        let (query, registration) = match (document_id, persisted) {
            (Some(id), _) => (self.by_id(&id, query)?, None),
            (None, Some(persisted)) => self.by_hash(persisted, query)?,
            (None, None) => (self.by_text(query)?, None),
        };
        Ok((graph::Request { query, operation_name, variables }, registration))
    }

    pub(crate) fn register(&self, registration: Registration) {
        self.registered.insert(registration.hash, registration.query);
    }

    fn by_text(&self, query: Option<String>) -> Result<String, Problem> {
        let query = query.ok_or_else(|| {
            let message = "query is missing: send the document of the operation";
            Problem::new(StatusCode::BAD_REQUEST, "MISSING_QUERY_PARAM", message)
        })?;
        self.check_trusted(&query)?;
        Ok(query)
    }

    fn by_id(&self, id: &str, query: Option<String>) -> Result<String, Problem> {
        let document = self.trusted.get(id).ok_or_else(Problem::unknown_document)?;
        if query.is_some_and(|query| query != document) {
            let message = "query is not the document that documentId names: send one of them";
            return Err(Problem::bad_request(message));
        }
        Ok(document.to_owned())
    }

    fn by_hash(
        &self,
        PersistedQuery { hash }: PersistedQuery,
        query: Option<String>,
    ) -> Result<(String, Option<Registration>), Problem> {
        // Ids of trusted documents are hashes, of any kind.
        if let Some(document) = self.trusted.get(&hash)
            && query.as_ref().is_none_or(|query| query == document)
        {
            return Ok((document.to_owned(), None));
        }
        let hash = hash.to_ascii_lowercase();
        let Some(query) = query else {
            let document = self.registered.get(&hash).ok_or_else(Problem::unknown_document)?;
            return Ok((document.as_ref().to_owned(), None));
        };
        if hash != sha256(&query) {
            let message = "extensions.persistedQuery.sha256Hash is not the SHA-256 hash of query";
            return Err(Problem::bad_request(message));
        }
        self.check_trusted(&query)?;
        let registration = match self.registered.contains_key(&hash) {
            true => None,
            false => Some(Registration { hash, query: query.as_str().into() }),
        };
        Ok((query, registration))
    }

    fn check_trusted(&self, query: &str) -> Result<(), Problem> {
        if !self.trusted_only || self.trusted.contains(query) {
            return Ok(());
        }
        let message = "this router executes trusted documents only: send documentId";
        let status = StatusCode::FORBIDDEN;
        Err(Problem::new(status, "TRUSTED_DOCUMENT_REQUIRED", message))
    }
}

impl PersistedQuery {
    fn read(extensions: &serde_json::Map<String, Value>) -> Result<Option<Self>, Problem> {
        let given = match extensions.get("persistedQuery") {
            None | Some(Value::Null) => return Ok(None),
            Some(given) => given,
        };
        let version = given.get("version");
        if version.is_some_and(|version| version.as_f64() != Some(1.0)) {
            let message = "extensions.persistedQuery.version must be 1";
            return Err(Problem::bad_request(message));
        }
        let hash = given.get("sha256Hash").and_then(Value::as_str).ok_or_else(|| {
            Problem::bad_request("extensions.persistedQuery.sha256Hash must be a string")
        })?;
        Ok(Some(Self { hash: hash.to_owned() }))
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests;
