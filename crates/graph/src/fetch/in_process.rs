//! A fetch as a function call.

use super::{Call, Failure};
use crate::errors;
use async_graphql::{Name, Request, Response, ServerError, Value, Variables};
use bytes::Bytes;
use chassis::Subgraph;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use hive_router::sonic_rs;
use std::panic::AssertUnwindSafe;

pub(super) async fn execute(subgraph: &Subgraph, call: &Call) -> Result<Bytes, Failure> {
    let response = subgraph.execute(request(call)?).await;
    written(&response)
}

pub(super) fn subscribe(subgraph: &Subgraph, call: &Call) -> BoxStream<'static, Bytes> {
    let responses = match request(call) {
        Ok(request) => subgraph.subscribe(request),
        Err(failure) => return stream::once(std::future::ready(failure.response())).boxed(),
    };
    let name = subgraph.name();
    let responses = AssertUnwindSafe(responses).catch_unwind().map(move |response| {
        response.unwrap_or_else(|_| {
            tracing::error!(subgraph = name, "A subscription panicked.");
            Response::from_errors(vec![ServerError::new(errors::INTERNAL_MESSAGE, None)])
        })
    });
    responses
        .map(|response| written(&response).unwrap_or_else(|failure| failure.response()))
        .boxed()
}

fn request(call: &Call) -> Result<Request, Failure> {
    let mut variables = Variables::default();
    for (name, json) in &call.variables {
        let value = sonic_rs::from_slice::<Value>(json);
        let value = value.map_err(|error| Failure::Unwritable(error.to_string()))?;
        variables.insert(Name::new(name), value);
    }
    Ok(Request::new(&call.query).variables(variables))
}

fn written(response: &Response) -> Result<Bytes, Failure> {
    let json = sonic_rs::to_vec(response);
    json.map(Bytes::from).map_err(|error| Failure::Unwritable(error.to_string()))
}
