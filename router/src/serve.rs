//! Our own entry point over hive-router's public parts: it binds the port itself, so that port 0
//! works, tells when the server answers, and decides how it stops.

use crate::config::{config, supergraph_options};
use crate::plugin::{PARTS, Plugin};
use crate::{Options, RouterError, pages};
use hive_router::background_tasks::BackgroundTasksManager;
use hive_router::config::HiveRouterConfig;
use hive_router::config::log::LoggingConfig;
use hive_router::config::telemetry::tracing::TracingPropagationConfig;
use hive_router::ntex::http::StatusCode;
use hive_router::ntex::server::Server;
use hive_router::ntex::{self, SharedCfg, web};
use hive_router::pipeline::long_lived_client_limit::LongLivedClientLimitService;
use hive_router::pipeline::request_identifiers::RequestIdentifiersService;
use hive_router::pipeline::request_summary::RequestSummaryService;
use hive_router::pipeline::response_compression::ResponseCompressionService;
use hive_router::plugins::hooks::on_supergraph_load::Supergraph;
use hive_router::plugins::plugins_service::PluginService;
use hive_router::telemetry::TelemetryContext;
use hive_router::{
    PluginRegistry, RouterPaths, RouterSharedState, SchemaState, build_http_service_config,
    configure_app_from_config, configure_ntex_app, invoke_shutdown_hooks,
};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// How long requests in flight may take when the router stops.
const DRAIN_TIME: Duration = Duration::from_secs(7);
/// How long what is answered may take to leave: open connections are closed behind it.
pub(crate) const FLUSH_TIME: Duration = Duration::from_secs(1);
/// Stack of a worker thread: address space, not memory. hive-router parses by recursion, and a
/// worker that overflows ends the process. The worst that gets to it is a WebSocket message of
/// 64 KiB of brackets, which takes less than 32 MiB in a release build. Our hooks come later.
const STACK_BYTES: usize = 128 * 1024 * 1024;
/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// Runs a router on this thread until `options.stopping` is cancelled. `ready` is called once it
/// answers.
///
/// # Errors
/// [`RouterError::Bind`] when the port is taken, [`RouterError::Silent`] when hive-router does not
/// begin to answer; the others say what is wrong with the options.
pub fn run(
    options: Options,
    ready: impl FnOnce(SocketAddr) + Send + 'static,
) -> Result<(), RouterError> {
    let address = SocketAddr::new(options.host, options.port);
    let (listener, bound) =
        bind(address).map_err(|source| RouterError::Bind { address, source })?;
    let config = config(&options)?.into_static();
    hive_router::init_rustls_crypto_provider();
    let supergraph = Supergraph::from_sdl("agora", &options.supergraph, supergraph_options(config))
        .map_err(|error| RouterError::Supergraph(error.to_string()))?;
    let plugin = Plugin::new(&options, supergraph);
    let system = ntex::rt::System::build()
        .name("router")
        .stack_size(STACK_BYTES)
        .build(ntex::rt::DefaultRuntime);
    system.block_on(async move {
        let parts = Assembled::new(config, plugin.clone()).await?;
        let server = parts.server(listener)?;
        let (announced, silent) = tokio::sync::oneshot::channel();
        let announcing = plugin.clone();
        options.runtime.spawn(async move {
            match announce(bound).await {
                Ok(()) => {
                    announcing.serve();
                    ready(bound);
                }
                Err(cause) => drop(announced.send(cause)),
            }
        });
        let stopped = stop(server.clone(), plugin, options.stopping.clone());
        // The server ends by itself only when it breaks; then there is nothing to stop.
        let result = tokio::select! {
            () = stopped => Ok(()),
            result = server => result.map_err(RouterError::from),
            Ok(cause) = silent => Err(RouterError::Silent(cause)),
        };
        options.stopping.cancel();
        parts.close().await;
        result
    })
}

fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = ntex::server::create_tcp_listener(address, BACKLOG)?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// What hive-router needs to answer a request.
struct Assembled {
    config: &'static HiveRouterConfig,
    tasks: BackgroundTasksManager,
    shared: Arc<RouterSharedState>,
    schema: Arc<SchemaState>,
}

impl Assembled {
    async fn new(config: &'static HiveRouterConfig, plugin: Plugin) -> Result<Self, RouterError> {
        let setup = |error: &dyn std::fmt::Display| RouterError::Setup(error.to_string());
        // No exporter and no subscriber: the process has its own.
        let context = TelemetryContext::from_propagation_config(
            &TracingPropagationConfig::default(),
            &LoggingConfig::default(),
        );
        let mut tasks = BackgroundTasksManager::new();
        let registry = PluginRegistry::new().register::<Plugin>();
        let assembling = configure_app_from_config(config, context, &mut tasks, registry);
        let (shared, schema) =
            PARTS.scope(plugin, assembling).await.map_err(|error| setup(&error))?;
        Ok(Self { config, tasks, shared, schema })
    }

    fn server(&self, listener: TcpListener) -> io::Result<ntex::server::Server> {
        let config = self.config;
        let (shared, schema) = (self.shared.clone(), self.schema.clone());
        let graphql = config.graphql_path().to_owned();
        let websocket = config.websocket_path().map(str::to_owned);
        let paths = RouterPaths::new(graphql.clone(), websocket, None);
        let clients = LongLivedClientLimitService::new(config);
        let compression = ResponseCompressionService::new(config);
        let server = web::HttpServer::new(async move || {
            let paths = paths.clone();
            web::App::new()
                .middleware(clients.clone())
                .middleware(PluginService::new(paths.clone(), None))
                .middleware(RequestSummaryService::new(&graphql))
                .middleware(RequestIdentifiersService)
                .middleware(compression.clone())
                .state(shared.clone())
                .state(schema.clone())
                .state(shared.telemetry_context.clone())
                .state(schema.callback_subscriptions.clone())
                .configure(move |app| configure_ntex_app(app, &paths, None))
                .default_service(web::to(async || nowhere()))
        });
        let services = SharedCfg::new("agora").add(build_http_service_config(config));
        let server = server
            .config(services)
            .disable_signals()
            .shutdown_timeout(config.shutdown_timeout())
            .listen(listener)?;
        Ok(server.run())
    }

    async fn close(mut self) {
        self.tasks.graceful_shutdown().await;
        invoke_shutdown_hooks(&self.shared).await;
    }
}

fn nowhere() -> web::HttpResponse {
    pages::refusal(StatusCode::NOT_FOUND, "NOT_FOUND", "there is nothing at this path")
}

/// A stop in four steps: not ready and no new work, no new connections, wait for what runs, close.
async fn stop(server: Server, plugin: Plugin, stopping: CancellationToken) {
    stopping.cancelled().await;
    plugin.retire();
    server.pause().await;
    if tokio::time::timeout(DRAIN_TIME, plugin.idle()).await.is_err() {
        tracing::warn!("Requests were still running after {DRAIN_TIME:?}.");
    }
    server.stop(true).await;
}

/// Asks the router whether it is ready; the answer comes when it serves, and not before.
async fn announce(bound: SocketAddr) -> Result<(), String> {
    let loopback = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    match ask(SocketAddr::new(loopback, bound.port())).await {
        Ok(answer) if answer.starts_with("HTTP/1.1 200") => Ok(()),
        Ok(answer) => Err(answer.lines().next().unwrap_or_default().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

async fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request =
        format!("GET /readiness HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
