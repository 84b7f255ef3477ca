//! Bytes on a connection of one's own: HTTP as it is written, and WebSocket frames.

use super::PATIENCE;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Far longer than an answer takes that is going to come.
const SILENCE: Duration = Duration::from_millis(300);

/// A connection to a router.
pub(crate) struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// A WebSocket frame.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame {
    Text(serde_json::Value),
    Ping,
    Pong(Vec<u8>),
    Close(u16, String),
    /// The connection has ended.
    Cut,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, unread: Vec::new() }
    }

    /// Opens a WebSocket at this path, offering this protocol.
    pub(crate) async fn websocket(address: SocketAddr, path: &str, protocol: &str) -> Self {
        let mut connection = Self::open(address).await;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: keep-alive, Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
        );
        connection.write(request.as_bytes()).await;
        let head = connection.read_until("\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        connection
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// Whether all of it could be written.
    pub(crate) async fn try_write(&mut self, bytes: &[u8]) -> bool {
        let written = timeout(PATIENCE, self.stream.write_all(bytes)).await;
        written.expect("the router neither reads nor closes").is_ok()
    }

    /// Writes each byte in a packet of its own.
    pub(crate) async fn write_slowly(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write(&[*byte]).await;
            tokio::task::yield_now().await;
        }
    }

    /// Reads up to and including this text.
    pub(crate) async fn read_until(&mut self, end: &str) -> String {
        loop {
            let found = self.unread.windows(end.len()).position(|window| window == end.as_bytes());
            if let Some(position) = found {
                let rest = self.unread.split_off(position + end.len());
                let read = std::mem::replace(&mut self.unread, rest);
                return String::from_utf8(read).unwrap();
            }
            let more = self.fill().await;
            assert!(more, "{end:?} does not come: {}", String::from_utf8_lossy(&self.unread));
        }
    }

    /// Reads until the connection ends.
    pub(crate) async fn read_to_end(&mut self) -> String {
        while self.fill().await {}
        String::from_utf8(std::mem::take(&mut self.unread)).unwrap()
    }

    /// Sends a request and reads the whole answer, after which the router closes the connection.
    pub(crate) async fn exchange(address: SocketAddr, request: &str) -> String {
        let mut connection = Self::open(address).await;
        connection.write(request.as_bytes()).await;
        connection.read_to_end().await
    }

    async fn fill(&mut self) -> bool {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await;
        read.expect("nothing comes").is_ok_and(|count| count > 0)
    }

    /// Sends a text message in one frame.
    pub(crate) async fn send(&mut self, message: &serde_json::Value) {
        self.write(&frame(1, true, message.to_string().as_bytes())).await;
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Frame {
        let Some(head) = self.take(2).await else { return Frame::Cut };
        let length = match head[1] & 127 {
            126 => {
                let bytes = self.take(2).await.unwrap();
                usize::from(u16::from_be_bytes([bytes[0], bytes[1]]))
            }
            127 => {
                let bytes = self.take(8).await.unwrap();
                usize::try_from(u64::from_be_bytes(bytes.try_into().unwrap())).unwrap()
            }
            short => usize::from(short),
        };
        assert_eq!(head[1] & 128, 0, "servers do not mask");
        let data = self.take(length).await.unwrap();
        match head[0] & 15 {
            1 => Frame::Text(serde_json::from_slice(&data).unwrap()),
            8 if data.is_empty() => Frame::Close(1005, String::new()),
            8 => {
                let reason = String::from_utf8(data[2..].to_vec()).unwrap();
                Frame::Close(u16::from_be_bytes([data[0], data[1]]), reason)
            }
            9 => Frame::Ping,
            10 => Frame::Pong(data),
            other => panic!("frame {other}"),
        }
    }

    /// The next message.
    pub(crate) async fn message(&mut self) -> serde_json::Value {
        match self.frame().await {
            Frame::Text(message) => message,
            other => panic!("no message but {other:?}"),
        }
    }

    /// Reads on until the router closes the connection; the code.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            match self.frame().await {
                Frame::Close(code, _) => return code,
                Frame::Cut => panic!("cut without a Close frame"),
                _ => {}
            }
        }
    }

    /// Initialises a WebSocket.
    pub(crate) async fn init(&mut self) {
        self.send(&serde_json::json!({ "type": "connection_init" })).await;
        assert_eq!(self.message().await, serde_json::json!({ "type": "connection_ack" }));
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn is_silent(&mut self) -> bool {
        self.unread.is_empty()
            && timeout(SILENCE, self.stream.read_buf(&mut self.unread)).await.is_err()
    }

    async fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.unread.len() < count {
            if !self.fill().await {
                return None;
            }
        }
        let rest = self.unread.split_off(count);
        Some(std::mem::replace(&mut self.unread, rest))
    }
}

/// A masked frame as clients send it.
pub(crate) fn frame(opcode: u8, last: bool, data: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [1, 2, 3, 4];
    let mut frame = vec![if last { 0x80 | opcode } else { opcode }];
    match data.len() {
        short @ ..126 => frame.push(0x80 | u8::try_from(short).unwrap()),
        medium @ ..65_536 => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&u64::try_from(long).unwrap().to_be_bytes());
        }
    }
    frame.extend_from_slice(&MASK);
    frame.extend(data.iter().enumerate().map(|(index, byte)| byte ^ MASK[index % 4]));
    frame
}
