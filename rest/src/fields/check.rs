//! Checks members against what they may be, and hands out the values.

use super::faults::of_list;
use super::{
    Body, Faults, Kind, MAX_UNITS, Member, Pattern, REQUIRED, instant, kind_of, number, text,
};
use crate::shapes::Time;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// No command takes this text, whatever it is for.
const REFUSED: &str = "\0";
/// No command takes this moment: it is in the year 10000.
const REFUSED_INSTANT: &str = "9999-12-31T23:59:59-01:00";
const NULL: &str = "This field may not be null.";

/// The members of a body after checking.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// What is wrong.
    pub(crate) faults: Faults,
    values: HashMap<&'static str, Good>,
}

/// A value that is as it must be.
#[derive(Debug)]
pub(super) enum Good {
    Text(String),
    Integer(i128),
    Decimal(String),
    Boolean(bool),
    Instant(String),
    List(Vec<Checked>),
}

/// What is shown for a member instead of its value.
pub(super) type Shown = Value;

impl Checked {
    /// The members, if nothing is wrong.
    ///
    /// # Errors
    /// What is wrong.
    pub(crate) fn valid(self) -> Result<Self, Faults> {
        if self.faults.is_empty() { Ok(self) } else { Err(self.faults) }
    }

    /// A text; `None` when it was left out.
    ///
    /// A faulty one comes out as a text that no command takes. So the graph can be asked what it
    /// thinks of the other members, all faults are answered at once, and nothing is written.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.values.remove(name) {
            Some(Good::Text(text)) => Some(text),
            _ => self.faults.has(name).then(|| REFUSED.to_owned()),
        }
    }

    /// A whole number; `None` when it was left out or is faulty.
    pub(crate) fn integer(&mut self, name: &'static str) -> Option<i128> {
        match self.values.remove(name) {
            Some(Good::Integer(number)) => Some(number),
            _ => None,
        }
    }

    /// A number of units, at most [`MAX_UNITS`], which is more than any stock.
    pub(crate) fn units(&mut self, name: &'static str) -> Option<i64> {
        let units = self.integer(name)?.min(i128::from(MAX_UNITS));
        i64::try_from(units).ok()
    }

    /// A decimal number with two decimals; `None` when it was left out or is faulty.
    pub(crate) fn decimal(&mut self, name: &'static str) -> Option<String> {
        match self.values.remove(name) {
            Some(Good::Decimal(number)) => Some(number),
            _ => None,
        }
    }

    /// Yes or no; `None` when it was left out or is faulty.
    pub(crate) fn boolean(&mut self, name: &'static str) -> Option<bool> {
        match self.values.remove(name) {
            Some(Good::Boolean(value)) => Some(value),
            _ => None,
        }
    }

    /// A moment; `None` when it was left out. A faulty one comes out as with [`Self::text`].
    pub(crate) fn instant(&mut self, name: &'static str) -> Option<Time> {
        match self.values.remove(name) {
            Some(Good::Instant(text)) => Some(Time(text)),
            _ => self.faults.has(name).then(|| Time(REFUSED_INSTANT.to_owned())),
        }
    }

    /// Objects; none when they were left out or are faulty.
    pub(crate) fn list(&mut self, name: &'static str) -> Vec<Self> {
        match self.values.remove(name) {
            Some(Good::List(objects)) => objects,
            _ => Vec::new(),
        }
    }
}

pub(super) fn check(body: &Body, members: &'static [Member], partial: bool) -> Checked {
    let mut checked = Checked::default();
    for member in members {
        match given(body, member) {
            None if member.required && !partial => checked.faults.add(member.name, REQUIRED),
            None => {}
            Some(Value::Null) => checked.faults.add(member.name, NULL),
            Some(value) => match check_value(member.kind, value, body.from_form) {
                Ok(good) => {
                    checked.values.insert(member.name, good);
                }
                Err(shown) => {
                    checked.faults.set(member.name, shown);
                    if let Some((pattern, text)) = patterned(member.kind, value) {
                        checked.faults.ask_also(member.name, pattern);
                        checked.values.insert(member.name, Good::Text(text));
                    }
                }
            },
        }
    }
    checked
}

/// A faulty text of which the graph says more.
fn patterned(kind: Kind, value: &Value) -> Option<(Pattern, String)> {
    let (Kind::Text(rules), Value::String(text)) = (kind, value) else { return None };
    let text = text.trim_matches(text::is_python_space);
    rules.pattern.filter(|_| !text.is_empty()).map(|pattern| (pattern, text.to_owned()))
}

/// In a form, an empty text is a member left out, unless it must be given or may be blank; and a
/// list is written in several members, never in one.
fn given<'b>(body: &'b Body, member: &Member) -> Option<&'b Value> {
    let value = body.members.get(member.name)?;
    let may_be_blank = matches!(member.kind, Kind::Text(text) if text.may_be_blank);
    let left_out = body.from_form
        && match member.kind {
            Kind::List(_) => !value.is_array(),
            _ => value == "" && !member.required && !may_be_blank,
        };
    (!left_out).then_some(value)
}

fn check_value(kind: Kind, value: &Value, from_form: bool) -> Result<Good, Shown> {
    let messages = |messages: Vec<String>| json!(messages);
    let message = |message: String| json!([message]);
    match kind {
        Kind::Text(rules) => text::check(rules, value).map(Good::Text).map_err(messages),
        Kind::Integer { min, max } => {
            number::limited(value, min, max).map(Good::Integer).map_err(message)
        }
        Kind::Decimal { may_be_negative } => {
            number::decimal(value, may_be_negative).map(Good::Decimal).map_err(message)
        }
        Kind::Boolean => text::boolean(value).map(Good::Boolean).map_err(message),
        Kind::Instant => instant::check(value).map(Good::Instant).map_err(message),
        Kind::Choice(values) => text::choice(values, value).map(Good::Text).map_err(message),
        Kind::List(members) => check_list(members, value, from_form),
    }
}

fn check_list(members: &'static [Member], value: &Value, from_form: bool) -> Result<Good, Shown> {
    let Value::Array(values) = value else {
        let kind = kind_of(value);
        return Err(of_list(format!("Expected a list of items but got type \"{kind}\".")));
    };
    if values.is_empty() {
        return Err(of_list("This list may not be empty."));
    }
    let mut objects = Vec::with_capacity(values.len());
    let mut shown = Vec::new();
    let mut faulty = false;
    for value in values {
        let fault = match value {
            Value::Object(object) => {
                let body = Body { members: object.clone(), from_form };
                let mut object = check(&body, members, false);
                let faults = std::mem::take(&mut object.faults);
                objects.push(object);
                faults.into_json()
            }
            Value::Null => json!([NULL]),
            other => Faults::not_an_object(other).into_json(),
        };
        faulty |= fault != Value::Object(Map::new());
        shown.push(fault);
    }
    if faulty { Err(Value::Array(shown)) } else { Ok(Good::List(objects)) }
}
