//! The one way out of this crate: operations, sent to the router over HTTP.

mod answer;
mod fragments;
pub(crate) mod operations;

pub(crate) use answer::Fault;
pub(crate) use fragments::{later, number};
pub(crate) use operations as op;
pub(crate) use operations::{OrderStatus, UserErrorCode};

use crate::http::Refusal;
use answer::Answer;
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use bytes::Bytes;
use graphql_client::GraphQLQuery;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

/// How long an operation may take. The router itself gives up sooner.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);
/// How long a connection to the router may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an idle connection is kept: shorter than the router keeps it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Operations under way at the same time; further ones wait.
const CALLS: usize = 256;
/// The greatest request: what the router takes.
const REQUEST_BYTES: usize = 256 * 1024;
/// The greatest answer that is read: a page of orders with long addresses.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The router. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Graph {
    client: Client<HttpConnector, Full<Bytes>>,
    endpoint: Uri,
    permits: Arc<Semaphore>,
}

/// As the GraphQL over HTTP specification has it. The texts are static: nothing is copied.
#[derive(Serialize)]
struct Body<V> {
    query: &'static str,
    #[serde(rename = "operationName")]
    operation_name: &'static str,
    variables: V,
}

impl Graph {
    /// `None` when the endpoint is no address that HTTP can be spoken to.
    pub(crate) fn new(endpoint: &Url) -> Option<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(CALLS)
            .build(connector);
        let endpoint = endpoint.as_str().parse().ok()?;
        Some(Self { client, endpoint, permits: Arc::new(Semaphore::new(CALLS)) })
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
        let (query, operation_name) = (body.query, body.operation_name);
        let body = Body { query, operation_name, variables: body.variables };
        let body =
            serde_json::to_vec(&body).map_err(|error| Refusal::internal(error.to_string()))?;
        if body.len() > REQUEST_BYTES {
            return Err(Refusal::TooLarge);
        }
        let answer = match timeout(CALL_TIMEOUT, self.exchange(body.into())).await {
            Ok(answer) => answer?,
            Err(_) => return Err(away("no answer in time")),
        };
        serde_json::from_slice(&answer).map_err(|error| {
            Refusal::internal(format!("The answer to {operation_name} is not as agreed: {error}"))
        })
    }

    async fn exchange(&self, body: Bytes) -> Result<Bytes, Refusal> {
        let _permit = self.permits.acquire().await.map_err(|_| Refusal::Busy)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.clone();
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json.clone());
        request.headers_mut().insert(header::ACCEPT, json);
        let answer = self.client.request(request).await.map_err(away)?;
        // Without a place in the graph's own words it is no answer to the operation.
        if answer.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Err(Refusal::TooLarge);
        }
        let body = Limited::new(answer.into_body(), ANSWER_BYTES);
        Ok(body.collect().await.map_err(away)?.to_bytes())
    }
}

fn away(cause: impl ToString) -> Refusal {
    tracing::warn!(cause = cause.to_string(), "The router does not answer.");
    Refusal::Busy
}
