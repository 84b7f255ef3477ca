//! The files in which build tools list the operations of a client.

use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// The greatest manifest.
const MAX_MANIFEST_BYTES: u64 = 64 * 1024 * 1024;
/// The format that Apollo's manifests name.
const APOLLO_FORMAT: &str = "apollo-persisted-query-manifest";
/// What the GraphQL over HTTP specification writes before a hash in `documentId`.
const HASH_PREFIX: &str = "sha256:";

/// The operations that clients may name by an id.
#[derive(Clone, Default)]
pub struct TrustedDocuments {
    by_id: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("cannot read it: {0}")]
    Read(#[from] io::Error),
    /// The file is larger than 64 MiB.
    #[error("it has more than {MAX_MANIFEST_BYTES} bytes")]
    TooLarge,
    /// The file is not JSON.
    #[error("it is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The file is JSON, but none of the known formats.
    #[error(
        "it is not a manifest: expected an object from ids to documents, as graphql-codegen and \
         Relay write it, or Apollo's format \"{APOLLO_FORMAT}\" in version 1"
    )]
    Format,
}

#[derive(Deserialize)]
struct ApolloManifest {
    format: String,
    version: u32,
    operations: Vec<ApolloOperation>,
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl TrustedDocuments {
    /// Reads a manifest of graphql-codegen, Relay or Apollo.
    ///
    /// # Errors
    /// When the file cannot be read or has another format.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let mut json = Vec::new();
        File::open(path)?.take(MAX_MANIFEST_BYTES + 1).read_to_end(&mut json)?;
        if json.len() as u64 > MAX_MANIFEST_BYTES {
            return Err(ManifestError::TooLarge);
        }
        Self::parse(&json)
    }

    /// Reads the text of a manifest.
    ///
    /// # Errors
    /// When the text has another format.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let value: Value = serde_json::from_slice(json)?;
        if value.get("operations").is_some_and(Value::is_array) {
            let manifest: ApolloManifest =
                serde_json::from_value(value).map_err(|_| ManifestError::Format)?;
            if manifest.format != APOLLO_FORMAT || manifest.version != 1 {
                return Err(ManifestError::Format);
            }
            return Ok(manifest.operations.into_iter().map(|it| (it.id, it.body)).collect());
        }
        let documents: HashMap<String, String> =
            serde_json::from_value(value).map_err(|_| ManifestError::Format)?;
        Ok(documents.into_iter().collect())
    }

    /// Trusts a document that clients send as text.
    pub fn trust(&mut self, text: &str) {
        self.texts.insert(text.into());
    }

    /// The number of documents that clients may name.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(super) fn get(&self, id: &str) -> Option<&str> {
        let document = self.by_id.get(id).or_else(|| match id.strip_prefix(HASH_PREFIX) {
            Some(hash) => self.by_id.get(hash),
            None => self.by_id.get(&format!("{HASH_PREFIX}{id}")),
        });
        document.map(AsRef::as_ref)
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        self.texts.contains(text)
    }
}

impl FromIterator<(String, String)> for TrustedDocuments {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(documents: T) -> Self {
        let mut all = Self::default();
        for (id, text) in documents {
            let text: Arc<str> = text.into();
            all.texts.insert(Arc::clone(&text));
            all.by_id.insert(id, text);
        }
        all
    }
}

impl std::fmt::Debug for TrustedDocuments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} trusted documents", self.len())
    }
}
