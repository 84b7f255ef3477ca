//! hive-router's configuration, made here and nowhere else: no file and no variable changes it.
//! Its own defaults are open; every limit is a constant of this file.

use crate::plugin::Plugin;
use crate::{Options, RouterError};
use chassis::server::SECRET_HEADER;
use hive_router::config::HiveRouterConfig;
use hive_router::plugins::hooks::on_supergraph_load::SupergraphOptions;
use hive_router::plugins::plugin_trait::RouterPlugin;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long a subgraph may take to read.
pub const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a subgraph may take to write: placing an order asks peers three times in a row, and
/// each may take `chassis::peer::CALL_TIMEOUT`.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(8);
/// How long a whole request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long planning a query may take.
const PLANNING_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Levels of a query; a fragment is a level. The longest useful way through the shop has ten:
/// users, edges, node, orders, edges, node, lines, product, category, name.
const MAX_DEPTH: usize = 12;
const MAX_TOKENS: usize = 5_000;
const MAX_ALIASES: usize = 30;
const MAX_DIRECTIVES: usize = 30;
const MAX_BODY: &str = "256KiB";
const MAX_HEADERS: &str = "16KiB";
/// WebSocket connections and event streams, together.
const MAX_LONG_LIVED_CLIENTS: usize = 1_000;
/// Query texts that each cache remembers, and how long it remembers those nobody asks again.
const CACHED_QUERIES: u64 = 1_000;
const CACHE_IDLE: Duration = Duration::from_secs(3_600);
/// A request that a browser could send for another site without asking carries none of these.
/// JSON bodies need none: browsers ask first.
pub(crate) const CSRF_HEADERS: [&str; 3] =
    ["x-agora-csrf", "graphql-require-preflight", "apollo-require-preflight"];
/// hive-router asks our hook about errors, but not about those in the events of a subscription:
/// they lose their message and keep their code.
const EVENT_ERROR: &str = "this part of the event failed; extensions.code says why";

/// The configuration for `options`.
pub(crate) fn config(options: &Options) -> Result<HiveRouterConfig, RouterError> {
    let (urls, headers) = subgraphs(options);
    let config = json!({
        // The plugin selects the supergraph: there is no file to read it from.
        "supergraph": { "source": "plugin" },
        "plugins": { Plugin::plugin_name(): {} },
        "http": { "shutdown_timeout": seconds(crate::serve::FLUSH_TIME) },
        "websocket": { "enabled": true, "headers": { "source": "none" } },
        "subscriptions": { "enabled": true },
        "override_subgraph_urls": { "subgraphs": urls },
        "headers": { "subgraphs": headers },
        "introspection": options.development,
        "laboratory": { "enabled": false },
        "csrf": { "enabled": true, "required_headers": CSRF_HEADERS },
        "query_planner": { "timeout": seconds(PLANNING_TIMEOUT) },
        "traffic_shaping": {
            // The plugin shortens this to READ_TIMEOUT for whatever does not write.
            // hive-router would let a read join one that began before the client's last write.
            "all": { "request_timeout": seconds(WRITE_TIMEOUT), "dedupe_enabled": false, "tls": tls(options) },
            "router": {
                "request_timeout": seconds(REQUEST_TIMEOUT),
                "keep_alive": seconds(KEEP_ALIVE),
                "max_long_lived_clients": MAX_LONG_LIVED_CLIENTS,
            },
        },
        "limits": limits(),
        "cache": {
            "router": { "parsing": cache() },
            "supergraph": { "validation": cache(), "normalization": cache(), "query_plans": cache() },
        },
        "error_masking": {
            "redacted_error_message": EVENT_ERROR,
            "all": { "extensions": { "mode": "allow", "keys": ["code"] } },
        },
        // Of what subgraphs say about their answers, clients learn this and nothing else. They say
        // `true` or nothing: whichever fetch of an operation says it, the answer does.
        "response_extensions": {
            "propagate": { "algorithm": "first", "allow": [chassis::graphql::REPLAY_KEY] },
        },
    });
    serde_json::from_value(config).map_err(|error| RouterError::Setup(error.to_string()))
}

/// The part of the configuration that belongs to the supergraph. hive-router copies it only into
/// supergraphs that it loads itself.
pub(crate) fn supergraph_options(config: &HiveRouterConfig) -> SupergraphOptions {
    let mut options = SupergraphOptions::default();
    options.traffic_shaping = (&config.traffic_shaping).into();
    options.override_subgraph_urls = config.override_subgraph_urls.clone();
    options.headers = config.headers.clone();
    options.subscriptions = (&config.subscriptions).into();
    options.error_masking = config.error_masking.clone();
    options
}

/// hive-router sets up TLS for subgraphs that speak plain HTTP, too, and fails where the system has
/// no CA certificates. Where no subgraph has an `https` URL there is nothing to verify.
fn tls(options: &Options) -> Value {
    let plain = options.subgraphs.iter().all(|endpoint| endpoint.url().scheme() == "http");
    json!({ "insecure_skip_ca_verification": plain })
}

fn limits() -> Value {
    json!({
        "max_depth": { "n": MAX_DEPTH },
        "max_tokens": { "n": MAX_TOKENS },
        "max_aliases": { "n": MAX_ALIASES },
        "max_directives": { "n": MAX_DIRECTIVES },
        "max_request_body_size": MAX_BODY,
        "max_request_header_size": MAX_HEADERS,
    })
}

fn cache() -> Value {
    json!({ "max_entries": CACHED_QUERIES, "time_to_idle": seconds(CACHE_IDLE) })
}

/// Where each subgraph is, and the secret that its requests carry.
fn subgraphs(options: &Options) -> (Map<String, Value>, Map<String, Value>) {
    let urls = options
        .subgraphs
        .iter()
        .map(|endpoint| (endpoint.name().to_owned(), json!({ "url": endpoint.url().as_str() })));
    let headers = options.subgraphs.iter().filter_map(|endpoint| {
        let insert = json!({ "insert": { "name": SECRET_HEADER, "value": endpoint.secret()? } });
        Some((endpoint.name().to_owned(), json!({ "request": [insert] })))
    });
    (urls.collect(), headers.collect())
}

fn seconds(duration: Duration) -> String {
    format!("{}s", duration.as_secs())
}
