//! Refuses JSON that is nested too deeply, before it is parsed.
//!
//! Parsers of JSON recurse: a text of nothing but brackets would overflow a thread's stack and end
//! the process.

/// The maximum number of nested arrays and objects in a request.
const MAX_LEVELS: usize = 64;

/// Whether the arrays and objects of this JSON text are nested more than 64 levels deep.
pub fn is_too_deep(json: &[u8]) -> bool {
    is_deeper_than(json, MAX_LEVELS)
}

pub(crate) fn is_deeper_than(json: &[u8], max: usize) -> bool {
    let (mut levels, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                levels += 1;
                if levels > max {
                    return true;
                }
            }
            b']' | b'}' => levels = levels.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nested_brackets_count() {
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(!is_too_deep(nested(MAX_LEVELS).as_bytes()));
        assert!(is_too_deep(nested(MAX_LEVELS + 1).as_bytes()));
        assert!(is_too_deep("{\"a\":".repeat(MAX_LEVELS + 1).as_bytes()));
        assert!(!is_too_deep("[],{}".repeat(MAX_LEVELS).as_bytes()));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        let text = format!(r#"["{}\"{}"]"#, "[".repeat(100), "{".repeat(100));
        assert!(!is_too_deep(text.as_bytes()));
    }
}
