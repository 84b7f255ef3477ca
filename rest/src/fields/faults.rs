//! Everything that is wrong with a body, by member.

use super::Pattern;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The member that faults of a whole object are shown under.
const WHOLE: &str = "non_field_errors";
/// A required member is not there.
pub(crate) const REQUIRED: &str = "This field is required.";

/// Messages by member, as the documented systems show them.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    shown: Map<String, Value>,
    /// Members of which the graph may find more.
    patterns: HashMap<&'static str, Pattern>,
}

impl Faults {
    /// A fault of one member.
    pub(crate) fn of(member: &str, message: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(member, message);
        faults
    }

    /// A fault of an object as a whole.
    pub(crate) fn of_whole(message: impl Into<String>) -> Self {
        Self::of(WHOLE, message)
    }

    /// Something stands where an object should.
    pub(crate) fn not_an_object(value: &Value) -> Self {
        let kind = kind_of(value);
        Self::of_whole(format!("Invalid data. Expected a dictionary, but got {kind}."))
    }

    /// Notes one more fault of `member`.
    pub(crate) fn add(&mut self, member: &str, message: impl Into<String>) {
        let message = Value::String(message.into());
        match self.shown.get_mut(member) {
            Some(Value::Array(messages)) => messages.push(message),
            _ => self.set(member, Value::Array(vec![message])),
        }
    }

    /// Notes what the graph found: of a member that has faults already only what its pattern says.
    pub(crate) fn add_found(&mut self, member: &str, message: String, breaks_pattern: bool) {
        match (self.shown.get_mut(member), self.patterns.get(member)) {
            (None, _) => self.add(member, message),
            (Some(Value::Array(messages)), Some(pattern)) if breaks_pattern => {
                let place = if *pattern == Pattern::Username { 0 } else { messages.len() };
                messages.insert(place, Value::String(message));
            }
            _ => {}
        }
    }

    /// The graph is asked about `member` all the same.
    pub(super) fn ask_also(&mut self, member: &'static str, pattern: Pattern) {
        self.patterns.insert(member, pattern);
    }

    /// Sets what is shown for `member`.
    pub(crate) fn set(&mut self, member: &str, shown: Value) {
        self.shown.insert(member.to_owned(), shown);
    }

    /// Whether `member` has a fault.
    pub(crate) fn has(&self, member: &str) -> bool {
        self.shown.contains_key(member)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.shown)
    }
}

/// A fault of a list as a whole.
pub(super) fn of_list(message: impl Into<String>) -> Value {
    json!({ WHOLE: [message.into()] })
}

/// What Python calls a value of this kind.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}
