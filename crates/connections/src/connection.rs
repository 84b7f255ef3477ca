//! HTTP on one connection: HTTP/1.1, or HTTP/2 without TLS.

use crate::Connections;
use crate::activity::{Activity, InUse};
use crate::socket::Socket;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Response, Version};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tower::ServiceExt;

/// The greatest head of a request: its first line and its headers.
const MAX_HEADER_BYTES: u16 = 16 * 1024;
const MAX_HEADERS: usize = 100;
/// How long a connection that is being closed may take to end.
const CLOSE_TIME: Duration = Duration::from_secs(1);
/// Requests at the same time on one HTTP/2 connection.
const MAX_CONCURRENT_REQUESTS: u32 = 100;
/// How often an HTTP/2 client is asked whether it is still there, and how long it may take to say so.
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Put into the extensions of a response whose body has no end of its own, such as an event stream:
/// a stop does not wait for it.
#[derive(Clone, Copy, Debug)]
pub struct Endless;

/// What all connections of a listener share.
pub(super) struct Server {
    http: auto::Builder<TokioExecutor>,
    app: Router,
    connections: Connections,
}

impl Server {
    pub(super) fn new(app: Router, connections: Connections) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(connections.limits.idle)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEADER_BYTES.into());
        http.http2()
            .timer(TokioTimer::new())
            .max_header_list_size(MAX_HEADER_BYTES.into())
            .max_concurrent_streams(MAX_CONCURRENT_REQUESTS)
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT);
        Self { http, app, connections }
    }

    /// Serves a connection until it ends, it has been idle for too long, or `closing` is cancelled
    /// and the requests in progress are answered.
    pub(super) async fn serve(self: Arc<Self>, socket: Socket, closing: CancellationToken) {
        let activity = Activity::new();
        let service = service_fn(|request| self.answer(request, &activity));
        let connection = self.http.serve_connection_with_upgrades(TokioIo::new(socket), service);
        let mut connection = pin!(connection);
        let mut told = false;
        loop {
            tokio::select! {
                // Errors are the client's: it broke the protocol, or off.
                _ = connection.as_mut() => return,
                () = self.connections.cutting.cancelled() => return,
                () = closing.cancelled(), if !told => {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = activity.idle_for(self.connections.limits.idle), if !told => {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = sleep(CLOSE_TIME), if told && activity.is_idle() => return,
            }
        }
    }

    fn answer(
        &self,
        request: Request<Incoming>,
        activity: &Activity,
    ) -> impl Future<Output = Result<Response<Answering>, Infallible>> + Send + use<> {
        let in_use = activity.begin();
        let running = self.connections.running.token();
        let app = self.app.clone();
        let is_http1 = request.version() < Version::HTTP_2;
        let unread = Arc::new(AtomicBool::new(!request.body().is_end_stream()));
        let request = request.map(|body| Body::new(Reading { body, unread: Arc::clone(&unread) }));
        async move {
            let response = app.oneshot(request).await?;
            let (mut head, body) = response.into_parts();
            // What was not read cannot be told from the next request: the connection ends, and the
            // client must not send another request on it.
            if is_http1 && unread.load(Ordering::Relaxed) {
                head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            // A stop does not wait for streams: they end by themselves.
            let running = head.extensions.get::<Endless>().is_none().then_some(running);
            Ok(Response::from_parts(head, Answering { body, _running: running, _in_use: in_use }))
        }
    }
}

/// A request's body that notes when it has been read to its end.
struct Reading {
    body: Incoming,
    unread: Arc<AtomicBool>,
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.unread.store(false, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that keeps its connection in use until it is sent.
struct Answering {
    body: Body,
    _running: Option<TaskTrackerToken>,
    _in_use: InUse,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
