//! A client's TCP connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep, timeout};

/// How long, and how much, is read from a client after the last answer. A connection that is closed
/// while the client still sends would be reset, and the client might not see the answer.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 1024 * 1024;

/// Closes gently, and gives up clients that do not read.
pub(super) struct Socket {
    /// Always there, except while it is dropped.
    stream: Option<TcpStream>,
    /// Its place among all connections.
    slot: Option<OwnedSemaphorePermit>,
    /// The client has sent everything.
    ended: bool,
    /// How long the client may leave unread what was sent to it.
    write_limit: Duration,
    write_timeout: Pin<Box<Sleep>>,
    /// Something waits to be written.
    stalled: bool,
}

impl Socket {
    pub(super) fn new(
        stream: TcpStream,
        slot: OwnedSemaphorePermit,
        write_limit: Duration,
    ) -> Self {
        // Answers are small, and events must not wait for each other.
        let _ = stream.set_nodelay(true);
        Self {
            stream: Some(stream),
            slot: Some(slot),
            ended: false,
            write_limit,
            write_timeout: Box::pin(sleep(Duration::ZERO)),
            stalled: false,
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Fails what has been pending for too long.
    fn limited<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = false;
            return written;
        }
        if !self.stalled {
            self.stalled = true;
            let limit = Instant::now() + self.write_limit;
            self.write_timeout.as_mut().reset(limit);
        }
        ready!(self.write_timeout.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let room = buffer.remaining();
        let read = self.stream()?.poll_read(cx, buffer);
        if room > 0 && matches!(read, Poll::Ready(Ok(()))) && buffer.filled().len() == before {
            self.ended = true;
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write(cx, data);
        self.limited(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = self.stream()?.poll_flush(cx);
        self.limited(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write_vectored(cx, data);
        self.limited(cx, written)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let Some(mut stream) = self.stream.take().filter(|_| !self.ended) else { return };
        let slot = self.slot.take();
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            let _slot = slot;
            let rest = async {
                stream.shutdown().await?;
                tokio::io::copy(&mut stream.take(LINGER_BYTES), &mut tokio::io::sink()).await
            };
            let _ = timeout(LINGER_TIME, rest).await;
        });
    }
}
