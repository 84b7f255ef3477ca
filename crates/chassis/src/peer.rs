//! Calls from one subgraph to another, through the same door that the router uses.

use crate::fault::{self, CallFault};
use crate::{Subgraph, server::SECRET_HEADER};
use async_graphql::{Request, ServerError, Value, Variables};
use graphql_client::{GraphQLQuery, QueryBody};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// How long a call to a peer may take; then the peer counts as down.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a connection to a peer may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How late a call is that a test delays: its caller may have tried again by then, or given up.
const LATE: Duration = Duration::from_millis(700);
/// The greatest answer that is read.
const ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Another subgraph, in this process or behind a URL. Cheap to clone.
#[derive(Clone)]
pub struct Peer(Door);

#[derive(Clone)]
enum Door {
    Local(Subgraph),
    Remote { name: &'static str, url: Url, secret: Option<String>, http: reqwest::Client },
}

/// A call that brought no data.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody answered in time, or with nonsense: whether the call had an effect is not known.
    #[error("the {peer} subgraph is unavailable: {cause}")]
    Unavailable {
        /// The subgraph's name.
        peer: &'static str,
        /// For the log.
        cause: String,
    },
    /// It answered with an error.
    #[error("the {peer} subgraph refused: {code}: {message}")]
    Refused {
        /// The subgraph's name.
        peer: &'static str,
        /// Its `extensions.code`.
        code: String,
        /// Its message.
        message: String,
    },
}

/// As GraphQL over HTTP has it.
#[derive(Clone, Serialize)]
struct Operation {
    query: &'static str,
    #[serde(rename = "operationName")]
    operation_name: &'static str,
    variables: Value,
}

#[derive(Deserialize)]
struct Answer<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<AnswerError>,
}

#[derive(Deserialize)]
struct AnswerError {
    message: String,
    #[serde(default)]
    extensions: AnswerExtensions,
}

#[derive(Default, Deserialize)]
struct AnswerExtensions {
    #[serde(default)]
    code: String,
}

impl From<ServerError> for AnswerError {
    fn from(error: ServerError) -> Self {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        let code = match code {
            Some(Value::String(code)) => code.clone(),
            _ => String::new(),
        };
        Self { message: error.message, extensions: AnswerExtensions { code } }
    }
}

impl Peer {
    /// A subgraph of this process.
    pub fn local(subgraph: Subgraph) -> Self {
        Self(Door::Local(subgraph))
    }

    /// A subgraph that another process serves.
    ///
    /// # Errors
    /// When no HTTP client can be set up.
    pub fn remote(
        name: &'static str,
        url: Url,
        secret: Option<String>,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self(Door::Remote { name, url, secret, http }))
    }

    /// The subgraph's name.
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Door::Local(subgraph) => subgraph.name(),
            Door::Remote { name, .. } => name,
        }
    }

    /// Sends a typed operation.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when there was no usable answer, [`CallError::Refused`] when the
    /// answer has errors.
    pub async fn call<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, CallError> {
        let QueryBody { query, operation_name, variables } = Q::build_query(variables);
        let answer = match async_graphql::to_value(variables) {
            Ok(variables) => self.deliver(Operation { query, operation_name, variables }).await,
            Err(error) => Err(error.to_string()),
        };
        self.data(answer)
    }

    /// Sends it once, unless a test wants otherwise.
    async fn deliver<T: DeserializeOwned>(
        &self,
        operation: Operation,
    ) -> Result<Answer<T>, String> {
        match fault::of_call() {
            None => self.0.exchange(operation).await,
            Some(CallFault::Lost) => Err("a test lost the call".to_owned()),
            Some(CallFault::Late) => {
                let door = self.0.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(LATE).await;
                    door.exchange::<IgnoredAny>(operation).await
                });
                Err("a test delayed the call".to_owned())
            }
            Some(CallFault::Twice) => {
                let _ = self.0.exchange::<IgnoredAny>(operation.clone()).await;
                self.0.exchange(operation).await
            }
            Some(CallFault::AnswerLost) => {
                let _ = self.0.exchange::<IgnoredAny>(operation).await;
                Err("a test lost the answer".to_owned())
            }
        }
    }

    fn data<T>(&self, answer: Result<Answer<T>, String>) -> Result<T, CallError> {
        let peer = self.name();
        let unavailable = |cause: &str| CallError::Unavailable { peer, cause: cause.to_owned() };
        let answer = answer.map_err(|cause| unavailable(&cause))?;
        if let Some(error) = answer.errors.into_iter().next() {
            return Err(match error.extensions.code.as_str() {
                crate::codes::UNAVAILABLE | crate::codes::INTERNAL | "" => {
                    unavailable(&error.message)
                }
                code => CallError::Refused { peer, code: code.to_owned(), message: error.message },
            });
        }
        answer.data.ok_or_else(|| unavailable("an answer without data"))
    }
}

impl Door {
    async fn exchange<T: DeserializeOwned>(
        &self,
        operation: Operation,
    ) -> Result<Answer<T>, String> {
        match self {
            Self::Local(subgraph) => timeout(CALL_TIMEOUT, ask(subgraph, operation))
                .await
                .map_err(|_| "timeout".to_owned())
                .and_then(|answer| answer),
            Self::Remote { url, secret, http, .. } => {
                let mut request = http.post(url.clone()).json(&operation);
                if let Some(secret) = secret {
                    request = request.header(SECRET_HEADER, secret);
                }
                fetch(request).await
            }
        }
    }
}

/// No text in between: the values of the one side are those of the other.
async fn ask<T: DeserializeOwned>(
    subgraph: &Subgraph,
    operation: Operation,
) -> Result<Answer<T>, String> {
    let request = Request::new(operation.query)
        .operation_name(operation.operation_name)
        .variables(Variables::from_value(operation.variables));
    let response = subgraph.execute(request).await;
    if response.errors.is_empty() {
        let data = async_graphql::from_value(response.data).map_err(|error| error.to_string())?;
        return Ok(Answer { data: Some(data), errors: Vec::new() });
    }
    let errors = response.errors.into_iter().map(AnswerError::from).collect();
    Ok(Answer { data: None, errors })
}

async fn fetch<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<Answer<T>, String> {
    let mut response = request.send().await.map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(format!("status {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err("the answer is too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}
