//! A fetch as an HTTP request.

use super::{Call, Failure, is_too_deep};
use crate::GraphError;
use bytes::Bytes;
use chassis::server::SECRET_HEADER;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use url::Url;

/// The maximum time a connection to a subgraph may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an idle connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// The maximum number of requests to one subgraph at the same time. Further ones wait.
const MAX_REQUESTS: usize = 256;
/// The maximum size of an answer.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;
const JSON: &str = "application/json";

/// A response whose body has not been read.
pub(super) type Answer = Response<BoxBody<Bytes, Broken>>;

/// A body that cannot be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(String);

/// An HTTP client of one subgraph. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Http(Arc<Inner>);

struct Inner {
    client: Client<HttpConnector, Full<Bytes>>,
    endpoint: Uri,
    secret: Option<HeaderValue>,
    permits: Semaphore,
}

impl Http {
    /// A client without TLS: the parts of a shop share a private network, and a system without
    /// certificates must work.
    pub(crate) fn new(name: &str, url: &Url, secret: Option<&str>) -> Result<Self, GraphError> {
        let unsendable = |what| GraphError::Unsendable { name: name.to_owned(), what };
        if url.scheme() != "http" {
            let scheme = url.scheme().to_owned();
            return Err(GraphError::Scheme { name: name.to_owned(), scheme });
        }
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(MAX_REQUESTS)
            .build(connector);
        let secret = secret.map(|secret| {
            let mut value = HeaderValue::from_str(secret).map_err(|_| unsendable("secret"))?;
            value.set_sensitive(true);
            Ok(value)
        });
        Ok(Self(Arc::new(Inner {
            client,
            endpoint: url.as_str().parse().map_err(|_| unsendable("URL"))?,
            secret: secret.transpose()?,
            permits: Semaphore::new(MAX_REQUESTS),
        })))
    }

    pub(super) async fn execute(&self, call: &Call) -> Result<Bytes, Failure> {
        let _permit = self.0.permits.acquire().await.map_err(|error| unreachable(&error))?;
        let answer = self.send(call, JSON).await?;
        let body = Limited::new(answer.into_body(), ANSWER_BYTES);
        let body = body.collect().await.map_err(|error| unreachable(&*error))?.to_bytes();
        if is_too_deep(&body) {
            return Err(Failure::Unreachable("the answer is nested too deeply".to_owned()));
        }
        Ok(body)
    }

    /// Sends a call; the answer has a status that promises a GraphQL response.
    pub(super) async fn send(&self, call: &Call, accept: &'static str) -> Result<Answer, Failure> {
        let mut request = Request::new(Full::new(body(call)?));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.0.endpoint.clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        if let Some(secret) = &self.0.secret {
            headers.insert(SECRET_HEADER, secret.clone());
        }
        let answer = self.0.client.request(request).await.map_err(|error| unreachable(&error))?;
        match answer.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let problem = "it refused the peer secret";
                Err(Failure::Unreachable(problem.to_owned()))
            }
            status if !status.is_success() => {
                Err(Failure::Unreachable(format!("it answered with the status {status}")))
            }
            _ => Ok(answer.map(|body| body.map_err(|error| Broken(chain(&error))).boxed())),
        }
    }
}

pub(super) fn unreachable(error: &(dyn Error + 'static)) -> Failure {
    Failure::Unreachable(chain(error))
}

/// The error's message and those of its causes.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    message
}

/// As GraphQL over HTTP has it. The variables are JSON already.
fn body(call: &Call) -> Result<Bytes, Failure> {
    let json = |text: &str| {
        serde_json::to_string(text).map_err(|error| Failure::Unwritable(error.to_string()))
    };
    let mut body = Vec::with_capacity(call.query.len() + 64);
    body.extend_from_slice(b"{\"query\":");
    body.extend_from_slice(json(&call.query)?.as_bytes());
    body.extend_from_slice(b",\"variables\":");
    let mut separator = b'{';
    for (name, value) in &call.variables {
        body.push(separator);
        separator = b',';
        body.extend_from_slice(json(name)?.as_bytes());
        body.push(b':');
        body.extend_from_slice(value);
    }
    body.extend_from_slice(if separator == b'{' { b"{}}" } else { b"}}" });
    Ok(body.into())
}
