//! How operations reach the graph: by a function call of the caller's, or by HTTP.

use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::Duration;
use url::Url;

/// How long a connection to the router may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an idle connection is kept: shorter than the router keeps it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// The maximum size of an answer: a page of orders with long addresses.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// An operation of the REST interface. Its form as JSON is that of GraphQL over HTTP.
#[derive(Debug, Serialize)]
pub struct Operation {
    /// The GraphQL document.
    pub query: &'static str,
    /// The operation of the document.
    #[serde(rename = "operationName")]
    pub name: &'static str,
    /// The values of the variables.
    pub variables: Map<String, Value>,
}

/// Why there is no response to an operation. The texts are for the log.
#[derive(Debug)]
pub enum TransportError {
    /// The graph does not take an operation of this size.
    TooLarge,
    /// The graph cannot be reached; trying again later can help.
    Unavailable(String),
    /// The graph failed.
    Failed(String),
}

/// Sends operations to the graph. A mutation is executed to its end even if the caller drops the
/// result.
pub trait Transport: Send + Sync + 'static {
    /// The response as JSON.
    ///
    /// # Errors
    /// When there is no response in the words of GraphQL.
    fn send(&self, operation: Operation) -> BoxFuture<'static, Result<Bytes, TransportError>>;
}

/// Sends operations to a router's endpoint.
pub struct HttpTransport {
    client: Client<HttpConnector, Full<Bytes>>,
    endpoint: Uri,
}

impl HttpTransport {
    /// `None` if HTTP cannot be spoken to the endpoint.
    pub fn new(endpoint: &Url) -> Option<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(super::MAX_CALLS)
            .build(connector);
        Some(Self { client, endpoint: endpoint.as_str().parse().ok()? })
    }
}

impl Transport for HttpTransport {
    fn send(&self, operation: Operation) -> BoxFuture<'static, Result<Bytes, TransportError>> {
        let (client, endpoint) = (self.client.clone(), self.endpoint.clone());
        async move {
            let body = serde_json::to_vec(&operation)
                .map_err(|error| TransportError::Failed(error.to_string()))?;
            let mut request = Request::new(Full::new(body.into()));
            *request.method_mut() = Method::POST;
            *request.uri_mut() = endpoint;
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, json.clone());
            request.headers_mut().insert(header::ACCEPT, json);
            let answer = client.request(request).await.map_err(unavailable)?;
            // Without a place in the graph's own words it is no answer to the operation.
            if answer.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return Err(TransportError::TooLarge);
            }
            let body = Limited::new(answer.into_body(), ANSWER_BYTES);
            Ok(body.collect().await.map_err(unavailable)?.to_bytes())
        }
        .boxed()
    }
}

fn unavailable(cause: impl ToString) -> TransportError {
    TransportError::Unavailable(cause.to_string())
}
