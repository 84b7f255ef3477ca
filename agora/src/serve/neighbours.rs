//! The parts that other processes run, as seen from this one.

use super::wait::Wait;
use crate::cli::{Role, Serve};
use anyhow::bail;
use chassis::server::SECRET_HEADER;
use futures::future::{join_all, select_ok};
use reqwest::{Client, StatusCode};
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long a neighbour may take to answer, its own checks included.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(1_500);

/// The neighbours of this part.
#[derive(Clone)]
pub(super) struct Neighbours {
    http: Client,
    parts: Vec<Neighbour>,
    secret: Option<String>,
}

#[derive(Clone)]
struct Neighbour {
    name: &'static str,
    graphql: Url,
}

impl Neighbours {
    /// The subgraphs that this part calls.
    pub(super) fn subgraphs(arguments: &Serve) -> anyhow::Result<Self> {
        let urls = &arguments.peers;
        let parts = [
            (user::NAME, &urls.user_url),
            (product::NAME, &urls.product_url),
            (inventory::NAME, &urls.inventory_url),
            (order::NAME, &urls.order_url),
        ];
        let is_called = |name: &str| match arguments.listen.role {
            Role::Router => true,
            Role::Order => name != order::NAME,
            Role::Product => name == inventory::NAME,
            Role::All | Role::Rest | Role::User | Role::Inventory => false,
        };
        let called = parts.into_iter().filter(|(name, _)| is_called(name));
        Self::new(called, arguments.peer_secret.clone())
    }

    /// The router, for the REST interface.
    pub(super) fn router(arguments: &Serve) -> anyhow::Result<Self> {
        // The router takes requests from everybody: the secret is not for it.
        Self::new([("router", &arguments.peers.router_url)].into_iter(), None)
    }

    fn new<'u>(
        parts: impl Iterator<Item = (&'static str, &'u Url)>,
        secret: Option<String>,
    ) -> anyhow::Result<Self> {
        let http = Client::builder().timeout(ANSWER_TIMEOUT).no_proxy().build()?;
        let parts = parts.map(|(name, url)| Neighbour { name, graphql: url.clone() });
        Ok(Self { http, parts: parts.collect(), secret })
    }

    /// Checks that at least one is ready: without any of them this part can do nothing.
    ///
    /// # Errors
    /// Names one that is not, and says why.
    pub(super) async fn check_any(&self) -> Result<(), String> {
        // Returns with the first that is ready: a silent one delays nothing.
        let checks = self.parts.iter().map(|part| {
            let check = async move {
                let checked = self.check_ready(part).await;
                checked.map_err(|cause| format!("the {} part is not ready: {cause}", part.name))
            };
            Box::pin(check)
        });
        select_ok(checks).await.map(|_| ())
    }

    /// Returns when each was ready once and took the secret, with a line in the log for each that
    /// is not, at most every ten seconds.
    ///
    /// # Errors
    /// When `wait` is over; the error names a part and says why.
    pub(super) async fn wait_for_all(&self, wait: &Wait) -> anyhow::Result<()> {
        let mut missing: Vec<&Neighbour> = self.parts.iter().collect();
        loop {
            let checks = join_all(missing.iter().map(|part| self.check(part))).await;
            let checked = missing.into_iter().zip(checks);
            let failed: Vec<_> =
                checked.filter_map(|(part, check)| Some((part, check.err()?))).collect();
            let Some((first, cause)) = failed.first() else { return Ok(()) };
            if wait.is_over() {
                bail!("the {} part at {} is not ready: {cause}", first.name, first.graphql);
            }
            for (part, cause) in failed.iter().filter(|_| wait.is_worth_a_line()) {
                let url = part.graphql.as_str();
                tracing::warn!(part = part.name, url, cause, "Waiting for another part.");
            }
            missing = failed.into_iter().map(|(part, _)| part).collect();
            wait.pause().await;
        }
    }

    /// Logs which parts are not ready yet, until each was ready once.
    pub(super) async fn report_missing(self, stopping: CancellationToken) {
        let wait = Wait::at_most(Duration::MAX);
        // It ends without an error: its time is never over.
        let _ = stopping.run_until_cancelled(self.wait_for_all(&wait)).await;
    }

    async fn check(&self, part: &Neighbour) -> Result<(), String> {
        self.check_ready(part).await?;
        let Some(secret) = &self.secret else { return Ok(()) };
        let operation = json!({ "query": "{ __typename }" });
        let request = self.http.post(part.graphql.clone()).json(&operation);
        let answer = request.header(SECRET_HEADER, secret).send().await;
        match answer.map_err(|error| cause(&error))?.status() {
            StatusCode::UNAUTHORIZED => Err("it refuses the peer secret: see --peer-secret".into()),
            _ => Ok(()),
        }
    }

    async fn check_ready(&self, part: &Neighbour) -> Result<(), String> {
        let url = part.graphql.join("/readiness").map_err(|error| error.to_string())?;
        let answer = self.http.get(url).send().await.map_err(|error| cause(&error))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("it answers {status}")),
        }
    }
}

/// The innermost cause: the outer ones repeat the address.
fn cause(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
    causes.last().map_or_else(String::new, ToString::to_string)
}
