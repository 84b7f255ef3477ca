//! Everything that is wrong with a body, by member.

use serde_json::{Map, Value, json};

/// The member that faults of a whole object are shown under.
const WHOLE: &str = "non_field_errors";
/// A required member is not there.
pub(crate) const REQUIRED: &str = "This field is required.";

/// Messages by member, as the documented systems show them.
#[derive(Debug, Default)]
pub(crate) struct Faults(Map<String, Value>);

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
        match self.0.get_mut(member) {
            Some(Value::Array(messages)) => messages.push(message),
            _ => self.set(member, Value::Array(vec![message])),
        }
    }

    /// Sets what is shown for `member`.
    pub(crate) fn set(&mut self, member: &str, shown: Value) {
        self.0.insert(member.to_owned(), shown);
    }

    /// Whether `member` has a fault.
    pub(crate) fn has(&self, member: &str) -> bool {
        self.0.contains_key(member)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.0)
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
