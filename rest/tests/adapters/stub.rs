//! A router that answers what a test wants, and the REST interface in front of it.

use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::{Json, Router, extract::State, routing::post};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rest::{HttpTransport, Options, Service};
use serde_json::{Value, json};
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

type Answers = dyn Fn(&str, &Value) -> Value + Send + Sync;

/// The REST interface in front of a stub.
pub(crate) struct Rest {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The router's answer when a subgraph does not answer.
pub(crate) fn unavailable(subgraph: &str) -> Value {
    let extensions = json!({ "code": "SUBGRAPH_UNAVAILABLE", "subgraph": subgraph });
    json!({ "data": null, "errors": [{ "message": "away", "extensions": extensions }] })
}

#[derive(Clone)]
struct Stub {
    answers: Arc<Answers>,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

async fn graphql(State(stub): State<Stub>, Json(request): Json<Value>) -> Json<Value> {
    let operation = request["operationName"].as_str().unwrap();
    stub.asked.lock().unwrap().push((operation.to_owned(), request["variables"].clone()));
    Json((stub.answers)(operation, &request["variables"]))
}

async fn free_port() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap()
}

impl Rest {
    /// With a router that answers each operation with what `answers` makes of it.
    pub(crate) async fn start(
        answers: impl Fn(&str, &Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::default();
        let stub = Stub { answers: Arc::new(answers), asked: Arc::clone(&asked) };
        let listener = free_port().await;
        let router = listener.local_addr().unwrap();
        let app = Router::new().route("/graphql", post(graphql)).with_state(stub);
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { address: serve(router).await, asked }
    }

    /// With a router that is not there.
    pub(crate) async fn without_router() -> Self {
        let nobody = free_port().await.local_addr().unwrap();
        Self { address: serve(nobody).await, asked: Arc::default() }
    }

    /// The operations that came to the router, with their variables.
    pub(crate) fn asked(&self) -> Vec<(String, Value)> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    pub(crate) async fn try_get(&self, path: &str) -> Result<Answer, Box<dyn Error>> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body.to_string().into()).await.unwrap()
    }

    /// As `post`, with an idempotency key.
    pub(crate) async fn post_once(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", "k");
        self.exchange(request, body.to_string().into()).await.unwrap()
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, body.to_string().into()).await.unwrap()
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Answer, Box<dyn Error>> {
        self.exchange(self.request(method, path), body).await
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header("content-type", "application/json")
    }

    async fn exchange(&self, request: Builder, body: Bytes) -> Result<Answer, Box<dyn Error>> {
        let request = request.body(Full::new(body))?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let (parts, body) = client.request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

/// Serves REST on free ports, for as long as the test runs.
async fn serve(router: SocketAddr) -> SocketAddr {
    let graphql: url::Url = format!("http://{router}/graphql").parse().unwrap();
    let user = free_port().await;
    let address = user.local_addr().unwrap();
    let options = Options {
        listeners: [
            (Service::User, user),
            (Service::Product, free_port().await),
            (Service::Inventory, free_port().await),
            (Service::Order, free_port().await),
        ],
        admin: "/swagger/".to_owned(),
        readiness: std::sync::Arc::new(|| Box::pin(std::future::ready(true))),
        transport: std::sync::Arc::new(HttpTransport::new(&graphql).unwrap()),
        stopping: CancellationToken::new(),
        limits: connections::Limits::default(),
    };
    tokio::spawn(rest::serve(options));
    address
}
