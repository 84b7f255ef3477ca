//! A client of a shop: of a running one's public endpoint, or of the graph in this process.

use anyhow::{Context, anyhow, bail};
#[cfg(feature = "serve")]
use graph::{Answer, Graph, Request};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

/// How long one operation may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends operations to a shop.
pub(crate) struct Client(Shop);

enum Shop {
    Remote {
        http: reqwest::Client,
        url: Url,
    },
    #[cfg(feature = "serve")]
    InProcess(Graph),
}

impl Client {
    pub(crate) fn new(url: &Url) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().build()?;
        Ok(Self(Shop::Remote { http, url: url.clone() }))
    }

    /// A client of the graph in this process.
    #[cfg(feature = "serve")]
    pub(crate) fn in_process(graph: Graph) -> Self {
        Self(Shop::InProcess(graph))
    }

    /// The data of an answer; an error when the answer has errors.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> anyhow::Result<Value> {
        let mut answer = match &self.0 {
            Shop::Remote { http, url } => {
                let body = json!({ "query": query, "variables": variables });
                let unreachable = || format!("no shop answers at {url}: is it running? see --url");
                let response = http.post(url.clone()).json(&body).send().await;
                response.with_context(unreachable)?.json().await.with_context(unreachable)?
            }
            #[cfg(feature = "serve")]
            Shop::InProcess(graph) => execute(graph, query, variables).await?,
        };
        if let Some(error) = answer.pointer("/errors/0/message") {
            bail!("the shop answered: {error}");
        }
        Ok(answer["data"].take())
    }

    /// The payload of a mutation's one field; an error when it has user errors.
    pub(crate) async fn change(&self, mutation: &str, variables: Value) -> anyhow::Result<Value> {
        let data = self.data(mutation, variables).await?;
        let payload = data.as_object().and_then(|data| data.values().next());
        let payload = payload.ok_or_else(|| anyhow!("the shop answered no data"))?;
        if let Some(error) = payload.pointer("/userErrors/0/message") {
            bail!("the shop refused: {error}");
        }
        Ok(payload.clone())
    }
}

#[cfg(feature = "serve")]
async fn execute(graph: &Graph, query: &str, variables: Value) -> anyhow::Result<Value> {
    let Value::Object(variables) = variables else { bail!("variables are a JSON object") };
    let request = Request { query: query.to_owned(), operation_name: None, variables };
    let body = match graph.answer(request).await {
        Ok(Answer::Once { response, .. }) => response.await.body,
        Ok(Answer::Stream(_)) => bail!("a subscription has no single answer"),
        Err(rejection) => rejection.body(),
    };
    serde_json::from_slice(&body).context("the graph did not answer JSON")
}
