//! The body of a request: read first of all, and judged only by those who want it.

use super::negotiation::{self, Format};
use super::reply::Refusal;
use crate::fields::{Body, forms};
use axum::body::Body as Incoming;
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// The greatest body that is kept.
const BODY_BYTES: usize = 2 * 1024 * 1024;
/// The greatest body that is read to its end, so that its sender hears the answer.
const DRAINED_BYTES: usize = 64 * 1024 * 1024;
/// How long a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Payload {
    content_type: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Whole(Bytes),
    TooLarge,
    /// It did not come to its end.
    Broken,
}

impl Payload {
    /// No body.
    pub(super) fn none() -> Self {
        Self { content_type: String::new(), content: Content::Whole(Bytes::new()) }
    }

    /// Reads the body. What is too large is thrown away while it comes in.
    pub(super) async fn read(headers: &HeaderMap, body: Incoming) -> Self {
        let content = timeout(BODY_TIMEOUT, collect(body)).await.unwrap_or(Content::Broken);
        Self { content_type: negotiation::content_type(headers), content }
    }

    /// The members that the body gives.
    pub(crate) async fn members(self) -> Result<Body, Refusal> {
        let bytes = match self.content {
            Content::Whole(bytes) => bytes,
            Content::TooLarge => return Err(Refusal::TooLarge),
            Content::Broken => return Err(bad_request("The request body is incomplete.")),
        };
        // Django looks at the type only when there is something of that type.
        if bytes.is_empty() {
            return Ok(Body::default());
        }
        match negotiation::format(&self.content_type) {
            Some(Format::Json) => json(&bytes),
            Some(Format::Form) => Ok(forms::urlencoded(&bytes)),
            Some(Format::Multipart) => forms::multipart(&self.content_type, bytes)
                .await
                .map_err(|error| bad_request(format!("Multipart form parse error - {error}"))),
            None => {
                let given = self.content_type;
                let detail = format!("Unsupported media type \"{given}\" in request.");
                Err(Refusal::Detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
            }
        }
    }
}

async fn collect(body: Incoming) -> Content {
    let mut chunks = body.into_data_stream();
    let mut kept = BytesMut::new();
    let mut length = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let Ok(chunk) = chunk else { return Content::Broken };
        length += chunk.len();
        if length > DRAINED_BYTES {
            return Content::TooLarge;
        }
        if length <= BODY_BYTES {
            kept.extend_from_slice(&chunk);
        } else {
            kept = BytesMut::new();
        }
    }
    if length <= BODY_BYTES { Content::Whole(kept.freeze()) } else { Content::TooLarge }
}

/// Nesting is limited by the parser; a member that is named twice counts as it was named last.
fn json(bytes: &[u8]) -> Result<Body, Refusal> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| bad_request(format!("JSON parse error - {error}")))?;
    Body::from_json(value).map_err(Refusal::Invalid)
}

fn bad_request(detail: impl Into<String>) -> Refusal {
    Refusal::Detail(StatusCode::BAD_REQUEST, detail.into())
}
