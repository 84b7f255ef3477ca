//! Media types: what a client takes, and what it sends.

use axum::http::header::{self, HeaderMap};

/// What a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Form,
    Multipart,
}

/// Whether the client takes JSON. Weights do not matter: there is nothing to choose from.
pub(super) fn accepts_json(headers: &HeaderMap) -> bool {
    let mut given = headers.get_all(header::ACCEPT).iter().peekable();
    if given.peek().is_none() {
        return true;
    }
    given.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|range| {
        let range = essence(range);
        ["", "*/*", "application/*", "application/json"]
            .iter()
            .any(|taken| range.eq_ignore_ascii_case(taken))
    })
}

/// The type of the body as the client wrote it; empty when it did not.
pub(super) fn content_type(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes());
    String::from_utf8_lossy(given.unwrap_or_default()).into_owned()
}

/// What a body of this type is written in, if it can be read at all.
pub(super) fn format(content_type: &str) -> Option<Format> {
    match essence(content_type).to_ascii_lowercase().as_str() {
        "application/json" => Some(Format::Json),
        "application/x-www-form-urlencoded" => Some(Format::Form),
        "multipart/form-data" => Some(Format::Multipart),
        _ => None,
    }
}

/// The type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_takes_anything_like_json_gets_json() {
        let accepts = |value: &'static str| {
            let header = axum::http::HeaderValue::from_static(value);
            accepts_json(&HeaderMap::from_iter([(header::ACCEPT, header)]))
        };
        assert!(accepts_json(&HeaderMap::new()));
        for value in
            ["*/*", "application/*", "application/json; indent=4", "text/html, */*;q=0.8", ""]
        {
            assert!(accepts(value), "{value:?}");
        }
        for value in ["text/html", "application/xml", "text/*, image/png"] {
            assert!(!accepts(value), "{value:?}");
        }
    }

    #[test]
    fn parameters_of_a_body_s_type_do_not_matter() {
        assert_eq!(format("application/json; charset=utf-8"), Some(Format::Json));
        assert_eq!(format("Application/JSON"), Some(Format::Json));
        assert_eq!(format("multipart/form-data; boundary=x"), Some(Format::Multipart));
        assert_eq!(format("text/plain"), None);
        assert_eq!(format(""), None);
    }
}
