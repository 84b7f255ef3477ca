//! `agora ready`: whether a part is ready, as an exit status. For health checks in places that have
//! no other HTTP client.

use crate::address::reached;
use crate::cli::{Ready, Role};
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use url::Url;

/// How long the part may take to answer that it is ready.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Pause before it is asked again.
const PAUSE: Duration = Duration::from_millis(200);

pub(crate) fn run(arguments: &Ready) -> anyhow::Result<()> {
    let url = match &arguments.url {
        Some(url) => url.clone(),
        None => of_part(arguments)?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let http = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().build()?;
        let start = Instant::now();
        loop {
            // A part that has just been started may be ready in a moment.
            match ask(&http, &url).await {
                Err(_) if start.elapsed() + PAUSE < TIMEOUT => tokio::time::sleep(PAUSE).await,
                answered => return answered,
            }
        }
    })
}

async fn ask(http: &reqwest::Client, url: &Url) -> anyhow::Result<()> {
    let answer = http.get(url.clone()).send().await.map_err(reqwest::Error::without_url);
    let status = answer.with_context(|| format!("{url} does not answer"))?.status();
    ensure!(status.is_success(), "{url} answers {status}");
    Ok(())
}

/// Where the part that the flags name says whether it is ready.
fn of_part(arguments: &Ready) -> anyhow::Result<Url> {
    let listen = &arguments.listen;
    let port = match listen.role {
        Role::Rest => listen.rest_ports.first().copied().unwrap_or_default(),
        _ => listen.port(),
    };
    ensure!(port != 0, "port 0 names no part: give the URL to ask");
    let address = reached(SocketAddr::new(listen.host, port));
    Ok(format!("http://{address}/readiness").parse()?)
}
