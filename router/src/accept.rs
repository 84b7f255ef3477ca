//! Chooses the form of an answer from the `Accept` header, before anything is executed.

use crate::problem::Problem;
use axum::http::header::{ACCEPT, HeaderName};
use axum::http::{HeaderMap, StatusCode};

/// The forms of an answer that comes whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Single {
    /// `application/json`: request errors have status 200.
    Json,
    /// `application/graphql-response+json`: request errors have statuses of their own.
    GraphQl,
}

/// The forms of an answer that comes in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Streamed {
    /// GraphQL over Server-Sent Events.
    Events,
    /// Apollo's multipart protocol for subscriptions.
    Apollo,
    /// `multipart/mixed` with one response in each part.
    Multipart,
}

/// The form of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Single(Single),
    Streamed(Streamed),
}

/// What the client accepts. At least one of the two is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    single: Option<(Single, Rank)>,
    streamed: Option<(Streamed, Rank)>,
}

/// How much a client prefers a form: its quality, then how exactly the client named it, then how
/// early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    quality: u16,
    exactness: Exactness,
    earliness: std::cmp::Reverse<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    Anything,
    Type,
    Subtype,
}

/// An element of an `Accept` header.
struct Range {
    kind: String,
    subtype: String,
    /// `charset`, when it is one that JSON and event streams do not have.
    foreign_charset: bool,
    /// `subscriptionSpec`, which marks Apollo's protocol.
    apollo: bool,
    quality: u16,
}

impl Accepted {
    /// # Errors
    /// When the client accepts nothing that the router can send, or the header is not text.
    pub(crate) fn new(headers: &HeaderMap) -> Result<Self, Problem> {
        let ranges = ranges(headers)?;
        // The first of two equally good forms wins.
        let single = best(
            &ranges,
            [
                (Single::Json, "application", "json"),
                (Single::GraphQl, "application", "graphql-response+json"),
            ],
            |_, _| true,
        );
        let streamed = best(
            &ranges,
            [
                (Streamed::Events, "text", "event-stream"),
                (Streamed::Apollo, "multipart", "mixed"),
                (Streamed::Multipart, "multipart", "mixed"),
            ],
            |form, range| match form {
                Streamed::Events => true,
                Streamed::Apollo => range.apollo,
                Streamed::Multipart => !range.apollo,
            },
        );
        if single.is_none() && streamed.is_none() {
            let message = "accept application/graphql-response+json, application/json, \
                           text/event-stream or multipart/mixed";
            return Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message));
        }
        Ok(Self { single, streamed })
    }

    /// The form for the answer to a query or a mutation, and for request errors.
    pub(crate) fn form(&self) -> Form {
        match (self.single, self.streamed) {
            (Some((_, single)), Some((form, streamed))) if streamed.quality > single.quality => {
                Form::Streamed(form)
            }
            (Some((form, _)), _) => Form::Single(form),
            (None, Some((form, _))) => Form::Streamed(form),
            (None, None) => Form::Single(Single::Json),
        }
    }

    /// The form for the events of a subscription.
    ///
    /// # Errors
    /// When the client accepts only answers that come whole.
    pub(crate) fn stream_form(&self) -> Result<Streamed, Problem> {
        self.streamed.map(|(form, _)| form).ok_or_else(|| {
            Problem::new(
                StatusCode::NOT_ACCEPTABLE,
                "SUBSCRIPTIONS_TRANSPORT_NOT_SUPPORTED",
                "a subscription is answered as text/event-stream or multipart/mixed, or over \
                 WebSocket",
            )
        })
    }
}

/// Whether the client names `text/html` and does not exclude it.
pub(crate) fn names_html(headers: &HeaderMap) -> bool {
    let html = |range: &Range| range.kind == "text" && range.subtype == "html" && range.quality > 0;
    ranges(headers).is_ok_and(|ranges| ranges.iter().any(html))
}

/// Whether the client accepts content that is compressed with gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let Ok(items) = items(headers, axum::http::header::ACCEPT_ENCODING) else { return false };
    let quality = |name: &str| {
        let item = items.iter().find(|(coding, _)| coding.eq_ignore_ascii_case(name));
        item.map(|(_, parameters)| quality(parameters))
    };
    quality("gzip").or_else(|| quality("x-gzip")).or_else(|| quality("*")).is_some_and(|q| q > 0)
}

fn best<F: Copy, const N: usize>(
    ranges: &[Range],
    offers: [(F, &str, &str); N],
    fits: impl Fn(F, &Range) -> bool,
) -> Option<(F, Rank)> {
    let mut best: Option<(F, Rank)> = None;
    for (form, kind, subtype) in offers {
        let matching = ranges.iter().enumerate().filter_map(|(position, range)| {
            let exactness = range.matches(kind, subtype)?;
            // A wildcard stands for every form of the type.
            let fits = exactness < Exactness::Subtype || fits(form, range);
            let earliness = std::cmp::Reverse(position);
            fits.then_some(Rank { quality: range.quality, exactness, earliness })
        });
        // The most exact range decides, even if it excludes the form.
        let rank = matching.max_by_key(|rank| (rank.exactness, rank.quality, rank.earliness));
        let Some(rank) = rank.filter(|rank| rank.quality > 0) else { continue };
        if best.is_none_or(|(_, other)| rank > other) {
            best = Some((form, rank));
        }
    }
    best
}

impl Range {
    fn matches(&self, kind: &str, subtype: &str) -> Option<Exactness> {
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => Some(Exactness::Anything),
            (given, "*") if given == kind => Some(Exactness::Type),
            (given, named) if given == kind && named == subtype => {
                (!self.foreign_charset).then_some(Exactness::Subtype)
            }
            _ => None,
        }
    }
}

/// The ranges of all `Accept` headers; without one, the client accepts anything.
fn ranges(headers: &HeaderMap) -> Result<Vec<Range>, Problem> {
    let items = items(headers, ACCEPT)?;
    if items.is_empty() {
        return Ok(vec![Range {
            kind: "*".to_owned(),
            subtype: "*".to_owned(),
            foreign_charset: false,
            apollo: false,
            quality: WHOLE,
        }]);
    }
    let range = |(name, parameters): (String, Parameters)| {
        let (kind, subtype) = name.split_once('/')?;
        let charset = value_of(&parameters, "charset");
        let utf8 = charset.is_none_or(|name| {
            name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8") || name == "*"
        });
        Some(Range {
            kind: kind.trim().to_ascii_lowercase(),
            subtype: subtype.trim().to_ascii_lowercase(),
            foreign_charset: !utf8,
            apollo: value_of(&parameters, "subscriptionspec").is_some(),
            quality: quality(&parameters),
        })
    };
    Ok(items.into_iter().filter_map(range).collect())
}

type Parameters = Vec<(String, String)>;

/// Quality 1 in thousandths.
const WHOLE: u16 = 1000;

/// The elements of all headers of this name, each with its parameters.
fn items(headers: &HeaderMap, name: HeaderName) -> Result<Vec<(String, Parameters)>, Problem> {
    let mut items = Vec::new();
    for value in headers.get_all(&name) {
        let text = value.to_str().map_err(|_| {
            let message = format!("the header {name} contains characters that are not ASCII");
            Problem::new(StatusCode::BAD_REQUEST, "INVALID_HEADER", message)
        })?;
        for item in split(text, b',') {
            let mut parts = split(item, b';').into_iter().map(str::trim);
            let name = parts.next().unwrap_or_default();
            if name.is_empty() {
                continue;
            }
            let parameters = parts.filter_map(|part| {
                let (name, value) = part.split_once('=')?;
                let value = value.trim().trim_matches('"').to_owned();
                Some((name.trim().to_ascii_lowercase(), value))
            });
            items.push((name.to_owned(), parameters.collect()));
        }
    }
    Ok(items)
}

fn value_of<'p>(parameters: &'p Parameters, name: &str) -> Option<&'p str> {
    parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

/// The weight in thousandths. A weight that is not a number between 0 and 1 counts as 1.
fn quality(parameters: &Parameters) -> u16 {
    let Some(text) = value_of(parameters, "q") else { return WHOLE };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return WHOLE;
    }
    match (whole, format!("{fraction:0<3}").parse()) {
        ("0", Ok(thousandths)) => thousandths,
        _ => WHOLE,
    }
}

/// Splits at `separator`, but not inside quotes.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(&text[start..position]);
                start = position + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
