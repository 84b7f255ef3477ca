//! Graphs for the tests.

use crate::{order, product, weather};
use chassis::Subgraph;
use chassis::codes;
use chassis::graphql::ErrorCode;
use graph::{Answer, Endpoint, Graph, Options, Request};
use graphql_composition::{Subgraphs, compose, render_federated_sdl};
use serde_json::{Map, Value};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// Longer than any step of a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What resolvers fail with.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no such thing")]
    Missing,
    #[error("table secret_table is on fire")]
    Broken,
}

impl ErrorCode for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "NOT_FOUND",
            Self::Broken => codes::INTERNAL,
        }
    }
}

/// Products and orders in process; the weather at `address`, where nothing may listen.
pub(crate) fn graph(address: SocketAddr) -> Graph {
    let weather = Endpoint::Remote {
        name: "weather".to_owned(),
        url: format!("http://{address}/graphql").parse().unwrap(),
        secret: None,
    };
    let in_process = [product::subgraph(), order::subgraph()].map(Endpoint::InProcess);
    build(in_process.into_iter().chain([weather]).collect(), true)
}

pub(crate) fn build(subgraphs: Vec<Endpoint>, introspection: bool) -> Graph {
    let supergraph = supergraph(&[&product::subgraph(), &order::subgraph(), &weather::subgraph()]);
    Graph::new(Options { supergraph, subgraphs, introspection }).unwrap()
}

/// An address on which nothing listens.
pub(crate) async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// A graph whose weather is away.
pub(crate) async fn without_weather() -> Graph {
    graph(free_address().await)
}

pub(crate) fn request(query: &str, variables: Value) -> Request {
    let variables = match variables {
        Value::Object(variables) => variables,
        _ => Map::new(),
    };
    Request { query: query.to_owned(), operation_name: None, variables }
}

pub(crate) async fn ask(graph: &Graph, query: &str) -> Value {
    answer(graph, request(query, Value::Null)).await
}

pub(crate) async fn answer(graph: &Graph, request: Request) -> Value {
    let body = match graph.answer(request).await {
        Ok(Answer::Once { response, .. }) => {
            tokio::time::timeout(PATIENCE, response).await.expect("it takes too long").body
        }
        Ok(Answer::Stream(_)) => panic!("it is a subscription"),
        Err(rejection) => rejection.body(),
    };
    serde_json::from_slice(&body).unwrap()
}

/// The code of the first error.
pub(crate) fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

pub(crate) fn paths(answer: &Value) -> Vec<Value> {
    let errors = answer["errors"].as_array().unwrap().iter();
    errors.map(|error| error["path"].clone()).collect()
}

/// The supergraph of `list`, with the one thing added that hive-router needs and the composition
/// library leaves out: which subgraphs have which root type.
fn supergraph(list: &[&Subgraph]) -> String {
    let mut subgraphs = Subgraphs::default();
    for subgraph in list {
        let url = Some("http://composed/");
        subgraphs.ingest_str(subgraph.sdl(), subgraph.name(), url).unwrap();
    }
    let graph = compose(&mut subgraphs).into_result().expect("the test's subgraphs compose");
    let mut sdl = render_federated_sdl(&graph).unwrap();
    for root in ["Query", "Mutation", "Subscription"] {
        let having: String = list
            .iter()
            .filter(|subgraph| {
                subgraph.sdl().lines().any(|line| {
                    line.trim_start_matches("extend ").starts_with(&format!("type {root} "))
                })
            })
            .map(|subgraph| format!("  @join__type(graph: {})\n", subgraph.name().to_uppercase()))
            .collect();
        let (plain, typed) = (format!("\ntype {root}\n{{"), format!("\ntype {root}\n{having}{{"));
        sdl = sdl.replacen(&plain, &typed, 1);
    }
    sdl
}
