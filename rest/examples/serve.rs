//! Serves the REST interface of a router that runs elsewhere:
//! `cargo run -p rest --example serve -- http://127.0.0.1:4000/graphql 8000 8001 8002 8003`.

use rest::{Options, Service};
use std::error::Error;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let graphql: Url = arguments.next().ok_or("the router's endpoint is missing")?.parse()?;
    let mut listeners = Vec::new();
    for service in [Service::User, Service::Product, Service::Inventory, Service::Order] {
        let port: u16 = arguments.next().ok_or("a port is missing")?.parse()?;
        listeners.push((service, TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?));
    }
    let listeners = listeners.try_into().map_err(|_| "four ports are needed")?;
    let graphiql = graphql.join("/graphiql")?;
    rest::serve(Options { listeners, graphql, graphiql, stopping: CancellationToken::new() })
        .await?;
    Ok(())
}
