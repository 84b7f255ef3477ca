//! Comparing an answer with the one that is wanted.

use super::recording::{Kind, Wanted};
use crate::http::{Answer, media_type};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most text of a value that a difference shows.
const SHOWN: usize = 80;
/// Beginnings of messages that end in a parser's own words.
const PARSERS: [&str; 2] = ["JSON parse error - ", "Multipart form parse error - "];
/// How a time looks; every `0` stands for a digit.
const TIMES: [&str; 2] = ["0000-00-00T00:00:00.000000Z", "0000-00-00T00:00:00Z"];

/// What differs; nothing when the answer is right.
pub(super) fn differences(wanted: &Wanted, volatile: &[String], got: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    let statuses = wanted.status.as_slice();
    if !statuses.contains(&got.status) {
        found.push(format!("status {}, not {statuses:?}", got.status));
    }
    // Where nothing is sent there is nothing that could have a type.
    let typeless = wanted.body_kind == Kind::Empty && (got.status == 204 || got.status >= 300);
    if let Some(content_type) = wanted.content_type.as_deref().filter(|_| !typeless)
        && media_type(content_type) != got.media_type()
    {
        found.push(format!("content type {:?}, not {content_type:?}", got.media_type()));
    }
    let headers = wanted.headers.iter();
    found.extend(headers.filter_map(|(name, value)| header(&name.to_lowercase(), value, got)));
    if let Some(body) = &wanted.body {
        let volatile = wanted.volatile.as_deref().unwrap_or(volatile);
        bodies(wanted.body_kind, body, volatile, got, &mut found);
    }
    found
}

/// What kind of body this is, and its value: JSON, the title of a page, or text.
pub(super) fn body(got: &Answer) -> (Kind, Value) {
    if got.body.is_empty() {
        return (Kind::Empty, Value::String(String::new()));
    }
    let kind = got.media_type();
    if (kind == "application/json" || kind.ends_with("+json"))
        && let Ok(value) = serde_json::from_slice(&got.body)
    {
        return (Kind::Json, value);
    }
    let text = got.text();
    let title = text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    match title {
        Some((title, _)) if kind == "text/html" => {
            (Kind::Html, title.split_whitespace().collect::<Vec<_>>().join(" ").into())
        }
        _ => (Kind::Text, text.into()),
    }
}

/// A value as text, cut where it gets long.
pub(super) fn short(value: &Value, most: usize) -> String {
    let text = value.to_string();
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn header(name: &str, wanted: &str, got: &Answer) -> Option<String> {
    let have = got.header(name);
    let right = match name {
        "allow" => have.is_some_and(|have| allowed(have) == allowed(wanted)),
        "location" => have.is_some_and(|have| have == wanted || without_host(have) == wanted),
        "access-control-allow-methods" => {
            have.is_some_and(|have| methods(have).is_superset(&methods(wanted)))
        }
        _ => have == Some(wanted),
    };
    (!right).then(|| format!("{name} {have:?}, not {wanted:?}"))
}

fn methods(list: &str) -> BTreeSet<String> {
    list.split(',').map(|method| method.trim().to_uppercase()).filter(|m| !m.is_empty()).collect()
}

/// With or without HEAD is as good.
fn allowed(list: &str) -> BTreeSet<String> {
    let mut methods = methods(list);
    methods.remove("HEAD");
    methods
}

fn without_host(location: &str) -> &str {
    let rest = location.split_once("://").map_or(location, |(_, rest)| rest);
    rest.find('/').map_or(rest, |start| &rest[start..])
}

fn bodies(kind: Kind, wanted: &Value, volatile: &[String], got: &Answer, found: &mut Vec<String>) {
    let (have, value) = body(got);
    if have != kind {
        found.push(format!("the body is {have:?}, not {kind:?}"));
    } else if kind == Kind::Json {
        values(wanted, &value, volatile, &mut Vec::new(), found);
    } else if kind != Kind::Empty && *wanted != value {
        found.push(format!("{}, not {}", short(&value, SHOWN), short(wanted, SHOWN)));
    }
}

fn values(
    wanted: &Value,
    got: &Value,
    volatile: &[String],
    path: &mut Vec<String>,
    found: &mut Vec<String>,
) {
    let place = format!("/{}", path.join("/"));
    if volatile.iter().any(|pattern| matches(pattern, path)) {
        if let Some(reason) = other_format(wanted, got) {
            found.push(format!("{place}: {reason}: {}", short(got, SHOWN)));
        }
        return;
    }
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => {
            let missing = wanted.keys().filter(|key| !got.contains_key(*key));
            found.extend(missing.map(|key| format!("{place}: {key:?} is missing")));
            let unexpected = got.keys().filter(|key| !wanted.contains_key(*key));
            found.extend(unexpected.map(|key| format!("{place}: {key:?} is unexpected")));
            for (key, wanted) in wanted {
                if let Some(got) = got.get(key) {
                    path.push(key.clone());
                    values(wanted, got, volatile, path, found);
                    path.pop();
                }
            }
        }
        (Value::Array(wanted), Value::Array(got)) => {
            if wanted.len() != got.len() {
                found.push(format!("{place}: {} entries, not {}", got.len(), wanted.len()));
            }
            for (index, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                path.push(index.to_string());
                values(wanted, got, volatile, path, found);
                path.pop();
            }
        }
        // As numbers: `5` and `5.0` are the same.
        (Value::Number(wanted), Value::Number(got)) if wanted.as_f64() == got.as_f64() => {}
        _ if wanted == got => {}
        _ => found.push(format!("{place}: {}, not {}", short(got, SHOWN), short(wanted, SHOWN))),
    }
}

fn matches(pattern: &str, path: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('/').skip(1).collect();
    parts.len() == path.len() && parts.iter().zip(path).all(|(part, at)| *part == "*" || part == at)
}

/// Why a value has another type or format; of volatile values nothing else is compared.
fn other_format(wanted: &Value, got: &Value) -> Option<&'static str> {
    match (wanted, got) {
        (Value::String(wanted), Value::String(got)) => {
            if is_time(wanted) {
                return (!is_time(got)).then_some("is no UTC time");
            }
            let begins = |beginning: &&&str| wanted.starts_with(**beginning);
            match PARSERS.iter().find(begins) {
                Some(beginning) if !got.starts_with(beginning) => Some("begins otherwise"),
                _ if got.is_empty() && !wanted.is_empty() => Some("is empty"),
                _ => None,
            }
        }
        (Value::Number(wanted), Value::Number(got)) => {
            (wanted.is_f64() != got.is_f64() && got.is_f64()).then_some("is no integer")
        }
        _ if std::mem::discriminant(wanted) == std::mem::discriminant(got) => None,
        _ => Some("has another type"),
    }
}

/// Whether this is a time as the services write it.
pub(super) fn is_time(text: &str) -> bool {
    let fits = |form: &&str| {
        form.len() == text.len()
            && form.bytes().zip(text.bytes()).all(|(form, byte)| match form {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            })
    };
    TIMES.iter().any(fits)
}
