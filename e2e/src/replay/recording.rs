//! The files of the recorded contract.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Reads the text of a recording: its steps, in the order in which they are played.
///
/// # Panics
/// When it is none.
pub fn parse(text: &str) -> Vec<Step> {
    let file: File = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    file.exchanges.into_iter().map(Step::parse).collect()
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    exchanges: Vec<&'a RawValue>,
}

/// One step of a recording.
#[derive(Debug)]
pub enum Step {
    /// Stops or starts a service.
    Control(ControlStep),
    /// A request and what it is answered with.
    Exchange(Box<Exchange>),
}

impl Step {
    fn parse(text: &RawValue) -> Self {
        // Not by an untagged enum, which would lose the digits of numbers on its way.
        if let Ok(control) = serde_json::from_str(text.get()) {
            return Self::Control(control);
        }
        let exchange = serde_json::from_str(text.get());
        Self::Exchange(exchange.unwrap_or_else(|error| panic!("{error} in {text}")))
    }
}

/// Something that is done to a service instead of asking it.
#[derive(Clone, Debug, Deserialize)]
pub struct ControlStep {
    /// What is done.
    pub control: Control,
    /// The service of the first system: `user`, `product` or `order`.
    pub service: String,
}

/// What is done to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Control {
    /// Stop it, as a crash does.
    Stop,
    /// Start it on the data it had.
    Start,
}

/// A request and what it is answered with.
#[derive(Debug, Deserialize)]
pub struct Exchange {
    /// Its name, the same in all recordings.
    pub id: String,
    pub(super) group: String,
    pub(super) service: String,
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// As it was written: numbers may have more digits than any type of ours.
    #[serde(default, deserialize_with = "present")]
    pub(super) body: Option<Box<RawValue>>,
    pub(super) raw_body: Option<String>,
    pub(super) raw_body_b64: Option<String>,
    pub(super) expect: Wanted,
    pub(super) better: Option<Wanted>,
    /// The original's answer is as good as the better one.
    #[serde(default)]
    pub(super) quirk: bool,
    #[serde(default)]
    pub(super) volatile: Vec<String>,
    #[serde(default)]
    pub(super) save: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) check: Vec<(String, String, String)>,
    #[serde(default)]
    pub(super) within_s: u64,
}

impl Exchange {
    /// The answer that is right for us: the better one where there are two.
    pub(super) fn wanted(&self) -> &Wanted {
        self.better.as_ref().unwrap_or(&self.expect)
    }
}

/// An answer; what is left out is not compared.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    pub(super) status: Statuses,
    pub(super) content_type: Option<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) body: Option<Value>,
    #[serde(default)]
    pub(super) body_kind: Kind,
    pub(super) volatile: Option<Vec<String>>,
}

/// One status, or several that are equally good.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Statuses {
    One(u16),
    Any(Vec<u16>),
}

impl Statuses {
    pub(super) fn as_slice(&self) -> &[u16] {
        match self {
            Self::One(status) => std::slice::from_ref(status),
            Self::Any(statuses) => statuses,
        }
    }
}

/// What a body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Empty,
    /// A page, of which the title is recorded.
    Html,
    #[default]
    Json,
    Text,
}

/// A `null` is a value that is there.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
