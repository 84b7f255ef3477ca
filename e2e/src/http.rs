//! HTTP as bytes on a connection of its own, for requests that well-behaved clients cannot send:
//! paths as they are, headers as they are, bodies that are refused half way.

use serde_json::Value;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a request may take, from connecting to the last byte.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Methods that announce the length even of an empty body.
const WITH_BODY: [&str; 3] = ["POST", "PUT", "PATCH"];

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without transfer coding.
    pub body: Vec<u8>,
}

impl Request {
    /// A request for `target`, which is sent as it is.
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new(), body: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends `body` as JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }

    /// Sends these bytes, whatever they are.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Whether there is a header of this name.
    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// Sends it to the server at `base`, for example `http://127.0.0.1:8000`.
    ///
    /// # Errors
    /// When there is no answer, or no whole one.
    pub async fn send(&self, base: &str) -> io::Result<Answer> {
        let host = base.trim_start_matches("http://").trim_end_matches('/');
        tokio::time::timeout(TIMEOUT, self.exchange(host))
            .await
            .unwrap_or_else(|_| Err(invalid("no whole answer in time")))
    }

    async fn exchange(&self, host: &str) -> io::Result<Answer> {
        let (mut reader, mut writer) = TcpStream::connect(host).await?.into_split();
        let bytes = self.bytes(host);
        let mut raw = Vec::new();
        // At the same time: who refuses a body may answer before it has all arrived.
        let (sent, received) = tokio::join!(writer.write_all(&bytes), reader.read_to_end(&mut raw));
        if raw.is_empty() {
            sent?;
            received?;
        }
        Answer::parse(&raw, self.method == "HEAD")
    }

    fn bytes(&self, host: &str) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let chunked = self.has("transfer-encoding");
        let length = self.body.as_ref().map(Vec::len);
        if !chunked && !self.has("content-length") {
            let announced = WITH_BODY.contains(&self.method.as_str()).then_some(0);
            if let Some(length) = length.or(announced) {
                head.push_str(&format!("Content-Length: {length}\r\n"));
            }
        }
        let mut bytes = (head + "Connection: close\r\n\r\n").into_bytes();
        let body = self.body.as_deref().unwrap_or_default();
        if chunked {
            bytes.extend(format!("{:x}\r\n", body.len()).into_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\r\n0\r\n\r\n");
        } else {
            bytes.extend_from_slice(body);
        }
        bytes
    }
}

impl Answer {
    /// The first header of this name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The media type of the body, without parameters.
    pub fn media_type(&self) -> String {
        media_type(self.header("content-type").unwrap_or_default())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text()))
    }

    fn parse(raw: &[u8], bodiless: bool) -> io::Result<Self> {
        let end = find(raw, b"\r\n\r\n").ok_or_else(|| invalid("no whole head"))?;
        let head = std::str::from_utf8(&raw[..end]).map_err(|_| invalid("a head not in UTF-8"))?;
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let status = status.ok_or_else(|| invalid("no status line"))?;
        let mut answer = Self { status, headers, body: Vec::new() };
        if !bodiless {
            answer.body = answer.decode(&raw[end + 4..])?;
        }
        Ok(answer)
    }

    fn decode(&self, rest: &[u8]) -> io::Result<Vec<u8>> {
        if self.header("transfer-encoding").is_some() {
            return dechunk(rest);
        }
        match self.header("content-length").map(str::parse::<usize>) {
            None => Ok(rest.to_vec()),
            Some(Ok(length)) if rest.len() == length => Ok(rest.to_vec()),
            Some(length) => {
                Err(invalid(&format!("{} bytes where {length:?} were announced", rest.len())))
            }
        }
    }
}

/// The media type in a `Content-Type`, without parameters.
pub(crate) fn media_type(header: &str) -> String {
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn dechunk(mut rest: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = find(rest, b"\r\n").ok_or_else(|| invalid("a cut chunk"))?;
        let size = std::str::from_utf8(&rest[..line]).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let size = size.ok_or_else(|| invalid("a chunk without size"))?;
        rest = &rest[line + 2..];
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(rest.get(..size).ok_or_else(|| invalid("a cut chunk"))?);
        rest = rest.get(size + 2..).ok_or_else(|| invalid("a cut chunk"))?;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
