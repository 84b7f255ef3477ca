//! Repeating a request without doing it twice: the client names its attempt.

use super::reply::{Refusal, Reply};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Carries the client's name for an attempt.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that the attempt was made before, and that this is what became of it.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Most characters of a key; the graph's limit.
pub(crate) const KEY_CHARS: usize = 255;

/// The key of a request, which may have none.
///
/// # Errors
/// When there are two, or one that is no name for anything.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(faulty("may be given once only"));
    }
    // The library takes a tab for printable.
    let text = value.to_str().ok().map(str::trim).filter(|text| !text.contains('\t'));
    let Some(text) = text else {
        return Err(faulty("may only have printable ASCII characters"));
    };
    match text.len() {
        0 => Err(faulty("may not be blank")),
        1..=KEY_CHARS => Ok(Some(text.to_owned())),
        _ => Err(faulty(&format!("may have at most {KEY_CHARS} characters"))),
    }
}

/// The answer; it says so when it is one to a repeated request.
pub(crate) fn marked(replayed: bool, reply: Reply) -> Reply {
    let mut response = reply?;
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn faulty(rule: &str) -> Refusal {
    Refusal::Error(StatusCode::BAD_REQUEST, format!("The header Idempotency-Key {rule}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&[u8]]) -> Result<Option<String>, Refusal> {
        let header = |value: &&[u8]| (IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).unwrap());
        key(&values.iter().map(header).collect())
    }

    #[test]
    fn a_key_is_taken_as_it_is_without_white_space_around_it() {
        assert_eq!(of(&[]).unwrap(), None);
        assert_eq!(of(&[b" \"a b\" "]).unwrap().unwrap(), "\"a b\"");
        assert_eq!(of(&["x".repeat(255).as_bytes()]).unwrap().unwrap().len(), 255);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "x".repeat(256);
        for values in
            [&[&b""[..]][..], &[b"  "], &[b"a\tb"], &[long.as_bytes()], &[b"\xff"], &[b"a", b"b"]]
        {
            assert!(matches!(of(values), Err(Refusal::Error(StatusCode::BAD_REQUEST, _))));
        }
    }
}
