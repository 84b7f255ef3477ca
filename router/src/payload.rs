//! Reads the body of a POST: JSON, of a limited size, in a limited time.

use crate::problem::Problem;
use axum::body::{Body, HttpBody};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use std::time::Duration;

/// The greatest body of a request, before and after decompression.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// How long a client may take to send the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// A request that a browser could send for another site without asking carries none of these.
/// JSON needs none: browsers ask first.
const CSRF_HEADERS: [&str; 3] =
    ["x-agora-csrf", "graphql-require-preflight", "apollo-require-preflight"];
/// What browsers send for another site without asking.
const SIMPLE_TYPES: [&str; 3] =
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

/// Checks the headers and reads the body.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    check_media_type(headers)?;
    // Known codings have been removed by the layer that decodes them.
    if let Some(coding) = headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        let message = format!("the Content-Encoding {coding:?} is not supported");
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "UNSUPPORTED_CONTENT_ENCODING", message));
    }
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced = announced.and_then(|length| length.parse::<u64>().ok());
    if announced.or(body.size_hint().exact()).is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(too_large("PAYLOAD_TOO_LARGE_CONTENT_LENGTH"));
    }
    match tokio::time::timeout(BODY_TIMEOUT, collect(body)).await {
        Ok(read) => read,
        Err(_) => {
            let message = "the body did not arrive in time";
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", message))
        }
    }
}

async fn collect(mut body: Body) -> Result<Bytes, Problem> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&error))?;
        // Trailers have no meaning here.
        let Ok(data) = frame.into_data() else { continue };
        if read.len() + data.len() > MAX_BODY_BYTES {
            return Err(too_large("PAYLOAD_TOO_LARGE_BODY_STREAM"));
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}

/// Tells a body that is not in its `Content-Encoding` from a body that broke off.
fn broken(error: &axum::Error) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<hyper::Error>() {
            let message = "the body could not be read to its end";
            return Problem::new(StatusCode::BAD_REQUEST, "PAYLOAD_READ_ERROR", message);
        }
        cause = error.source();
    }
    let message = "the body is not in its Content-Encoding";
    Problem::new(StatusCode::BAD_REQUEST, "DECOMPRESSION_FAILED", message)
}

fn too_large(code: &'static str) -> Problem {
    let message = format!("the body must have at most {MAX_BODY_BYTES} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, code, message)
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let mut given = headers.get_all(CONTENT_TYPE).iter().map(|value| value.to_str());
    let (content_type, more) = (given.next().transpose(), given.next());
    let content_type = match (content_type, more) {
        (Ok(content_type), None) => content_type,
        _ => {
            let message = "Content-Type must be given once, in ASCII";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "INVALID_HEADER", message));
        }
    };
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_simple = media_type.is_empty() || SIMPLE_TYPES.contains(&media_type.as_str());
    if is_simple && !CSRF_HEADERS.iter().any(|name| headers.contains_key(*name)) {
        let message = "a web page of another site could have sent this request: send JSON as \
                       application/json";
        return Err(Problem::new(StatusCode::FORBIDDEN, "CSRF_PREVENTION_FAILED", message));
    }
    let unsupported = |code, message: String| {
        Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code, message))
    };
    if media_type.is_empty() {
        let message = "send JSON, with Content-Type: application/json";
        return unsupported("MISSING_CONTENT_TYPE_HEADER", message.to_owned());
    }
    if media_type != "application/json" {
        let message = format!("{media_type} is not supported: send application/json");
        return unsupported("UNSUPPORTED_CONTENT_TYPE", message);
    }
    let charset = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    match charset {
        None => Ok(()),
        Some(name) if ["utf-8", "utf8"].iter().any(|utf8| name.eq_ignore_ascii_case(utf8)) => {
            Ok(())
        }
        Some(name) => unsupported(
            "UNSUPPORTED_CONTENT_TYPE",
            format!("the charset {name} is not supported: send UTF-8"),
        ),
    }
}
