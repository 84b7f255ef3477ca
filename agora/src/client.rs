//! A client of a running shop's public endpoint.

use anyhow::{Context, anyhow, bail};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

/// How long one operation may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends operations to a shop.
pub(crate) struct Client {
    http: reqwest::Client,
    url: Url,
}

impl Client {
    pub(crate) fn new(url: &Url) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().build()?;
        Ok(Self { http, url: url.clone() })
    }

    /// The data of an answer; an error when the answer has errors.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> anyhow::Result<Value> {
        let body = json!({ "query": query, "variables": variables });
        let unreachable = || format!("no shop answers at {}: is it running? see --url", self.url);
        let response = self.http.post(self.url.clone()).json(&body).send().await;
        let mut answer: Value =
            response.with_context(unreachable)?.json().await.with_context(unreachable)?;
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
