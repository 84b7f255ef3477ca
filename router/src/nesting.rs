//! Refuses JSON that is nested for no other purpose than to be nested.
//!
//! hive-router walks through variables by recursion without a limit: a request of nothing but
//! brackets would overflow a worker's stack and end the process.

use hive_router::sonic_rs::{JsonContainerTrait, Value};

/// Most levels of arrays and objects in a request.
const MAX_LEVELS: usize = 64;

/// Whether the arrays and objects of this JSON lie too deep in each other.
pub(crate) fn is_too_deep(json: &[u8]) -> bool {
    let (mut levels, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                levels += 1;
                if levels > MAX_LEVELS {
                    return true;
                }
            }
            b']' | b'}' => levels = levels.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The same for JSON that is parsed already.
pub(crate) fn is_value_too_deep(value: &Value) -> bool {
    let mut waiting = vec![(value, 0)];
    while let Some((value, level)) = waiting.pop() {
        if level > MAX_LEVELS {
            return true;
        }
        if let Some(array) = value.as_array() {
            waiting.extend(array.iter().map(|value| (value, level + 1)));
        } else if let Some(object) = value.as_object() {
            waiting.extend(object.iter().map(|(_, value)| (value, level + 1)));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_each_other_counts() {
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(!is_too_deep(nested(MAX_LEVELS).as_bytes()));
        assert!(is_too_deep(nested(MAX_LEVELS + 1).as_bytes()));
        assert!(is_too_deep("{\"a\":".repeat(MAX_LEVELS + 1).as_bytes()));
        assert!(!is_too_deep("[],{}".repeat(MAX_LEVELS).as_bytes()));
    }

    #[test]
    fn a_parsed_value_is_measured_alike() {
        let value = |levels: usize| {
            let json = format!("{}0{}", r#"[{"a":"#.repeat(levels), "}]".repeat(levels));
            hive_router::sonic_rs::from_str::<Value>(&json).unwrap()
        };
        assert!(!is_value_too_deep(&value(MAX_LEVELS / 2)));
        assert!(is_value_too_deep(&value(MAX_LEVELS / 2 + 1)));
    }

    #[test]
    fn what_is_text_does_not_count() {
        let text = format!(r#"["{}\"{}"]"#, "[".repeat(100), "{".repeat(100));
        assert!(!is_too_deep(text.as_bytes()));
    }
}
