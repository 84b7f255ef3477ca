//! Values that are remembered, and how later ones relate to them.

use super::compare::{is_time, short};
use super::recording::Exchange;
use serde_json::Value;
use std::collections::HashMap;

/// The most text of a value that a difference shows.
const SHOWN: usize = 60;

/// What earlier answers held, by the recording's names.
#[derive(Debug, Default)]
pub(super) struct Saved(HashMap<String, Value>);

impl Saved {
    /// Checks `answer` against what is remembered, then remembers from it.
    pub(super) fn relate(&mut self, exchange: &Exchange, answer: &Value) -> Vec<String> {
        let checks = exchange.check.iter();
        let found = checks.filter_map(|(pointer, operator, name)| {
            let earlier = self.0.get(name)?;
            let now = answer.pointer(pointer).unwrap_or(&Value::Null);
            (!holds(now, operator, earlier)).then(|| {
                let (now, earlier) = (short(now, SHOWN), short(earlier, SHOWN));
                format!("{pointer}: {now} is not {operator} the earlier {earlier}")
            })
        });
        let found = found.collect();
        for (name, pointer) in &exchange.save {
            match answer.pointer(pointer) {
                Some(value) => self.0.insert(name.clone(), value.clone()),
                None => self.0.remove(name),
            };
        }
        found
    }
}

fn holds(now: &Value, operator: &str, earlier: &Value) -> bool {
    if operator == "==" {
        return now == earlier;
    }
    let (Some(now), Some(earlier)) = (time(now), time(earlier)) else { return false };
    match operator {
        ">" => now > earlier,
        ">=" => now >= earlier,
        "<" => now < earlier,
        "!=" => now != earlier,
        _ => panic!("a recording asks whether something is {operator:?} something else"),
    }
}

/// A time as text that sorts: always with six decimals.
fn time(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| is_time(text))?.trim_end_matches('Z');
    Some(if text.contains('.') { text.to_owned() } else { format!("{text}.000000") })
}
