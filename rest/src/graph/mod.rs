//! The one way out of this crate: operations, sent to the graph.

mod answer;
mod fragments;
pub(crate) mod operations;
mod transport;

pub(crate) use answer::Fault;
pub(crate) use fragments::{later, number};
pub(crate) use operations as op;
pub use operations::documents;
pub(crate) use operations::{OrderStatus, UserErrorCode};
pub use transport::{HttpTransport, Operation, Transport, TransportError};

use crate::http::Refusal;
use answer::Answer;
use bytes::Bytes;
use graphql_client::GraphQLQuery;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How long an operation may take. The graph itself gives up sooner.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);
/// The maximum number of operations at the same time. Further ones wait.
const MAX_CALLS: usize = 256;
/// The maximum size of an operation's variables: what the router takes, with room for the rest.
const VARIABLES_BYTES: usize = 252 * 1024;

/// The graph. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Graph {
    transport: Arc<dyn Transport>,
    permits: Arc<Semaphore>,
}

impl Graph {
    pub(crate) fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, permits: Arc::new(Semaphore::new(MAX_CALLS)) }
    }

    /// Sends an operation whose answer is wanted whole.
    pub(crate) async fn ask<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, Refusal> {
        self.send::<Q>(variables).await?.whole()
    }

    /// Sends an operation whose answer is worth having when parts of it are missing.
    pub(crate) async fn ask_part<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, Refusal> {
        self.send::<Q>(variables).await?.part()
    }

    /// Sends an operation about whose answer there is more to know than its data.
    pub(crate) async fn send<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Answer<Q::ResponseData>, Refusal> {
        let body = Q::build_query(variables);
        let (query, name) = (body.query, body.operation_name);
        let operation = Operation { query, name, variables: checked(&body.variables)? };
        let answer = match timeout(CALL_TIMEOUT, self.exchange(operation)).await {
            Ok(answer) => answer?,
            Err(_) => return Err(unavailable("no answer in time")),
        };
        serde_json::from_slice(&answer).map_err(|error| {
            Refusal::internal(format!("The answer to {name} is not as agreed: {error}"))
        })
    }

    async fn exchange(&self, operation: Operation) -> Result<Bytes, Refusal> {
        let _permit = self.permits.acquire().await.map_err(|_| Refusal::Busy)?;
        self.transport.send(operation).await.map_err(|error| match error {
            TransportError::TooLarge => Refusal::TooLarge,
            TransportError::Unavailable(cause) => unavailable(&cause),
            TransportError::Failed(cause) => Refusal::internal(cause),
        })
    }
}

fn unavailable(cause: &str) -> Refusal {
    tracing::warn!(cause, "The graph does not respond.");
    Refusal::Busy
}

/// The variables as JSON, if they are not too large.
fn checked(variables: &impl Serialize) -> Result<Map<String, Value>, Refusal> {
    let internal = |error: serde_json::Error| Refusal::internal(error.to_string());
    let mut size = Size(0);
    serde_json::to_writer(&mut size, variables).map_err(internal)?;
    if size.0 > VARIABLES_BYTES {
        return Err(Refusal::TooLarge);
    }
    match serde_json::to_value(variables).map_err(internal)? {
        Value::Object(variables) => Ok(variables),
        // An operation without variables.
        _ => Ok(Map::new()),
    }
}

/// Counts what is written.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
