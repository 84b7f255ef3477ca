//! Texts, yes or no, and one of a few.

use super::number::python_text;
use super::{Pattern, Text};
use serde_json::Value;

/// A text, or a number that is taken for one.
pub(super) fn check(rules: Text, value: &Value) -> Result<String, Vec<String>> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => python_text(number),
        _ => return Err(vec![no_text(rules).to_owned()]),
    };
    let trimmed = text.trim_matches(is_python_space);
    if trimmed.is_empty() {
        return match rules.may_be_blank {
            true => Ok(String::new()),
            false => Err(vec!["This field may not be blank.".to_owned()]),
        };
    }
    let text = if rules.trimmed { trimmed.to_owned() } else { text };

    let mut faults = Vec::new();
    if let Some(max_chars) = rules.max_chars
        && text.chars().nth(max_chars).is_some()
    {
        faults.push(format!("Ensure this field has no more than {max_chars} characters."));
    }
    if text.contains('\0') {
        faults.push("Null characters are not allowed.".to_owned());
    }
    if faults.is_empty() { Ok(text) } else { Err(faults) }
}

fn no_text(rules: Text) -> &'static str {
    match rules.pattern {
        Some(Pattern::Email) => "Enter a valid email address.",
        Some(Pattern::Username) | None => "Not a valid string.",
    }
}

/// Python counts the separators of old terminals too.
pub(super) fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Yes or no in all the ways in which people write it.
pub(super) fn boolean(value: &Value) -> Result<bool, String> {
    const YES: [&str; 12] =
        ["t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On"];
    const NO: [&str; 12] =
        ["f", "F", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off"];
    let known = match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.as_str() {
            "ON" | "1" => Some(true),
            "OFF" | "0" => Some(false),
            text if YES.contains(&text) => Some(true),
            text if NO.contains(&text) => Some(false),
            _ => None,
        },
        _ => None,
    };
    known.ok_or_else(|| "Must be a valid boolean.".to_owned())
}

/// The value as Python shows it.
fn python_repr(value: &Value) -> String {
    let list = |values: Vec<String>| values.join(", ");
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => python_text(number),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'")),
        Value::Array(values) => format!("[{}]", list(values.iter().map(python_repr).collect())),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", python_repr(&Value::from(name.as_str())), python_repr(value))
            };
            format!("{{{}}}", list(members.iter().map(member).collect()))
        }
    }
}

/// Exactly one of `values`.
pub(super) fn choice(values: &[&str], value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => python_text(number),
        other => python_repr(other),
    };
    match values.contains(&text.as_str()) {
        true => Ok(text),
        false => Err(format!("\"{text}\" is not a valid choice.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NAME: Text =
        Text { max_chars: Some(5), may_be_blank: false, trimmed: true, pattern: None };

    #[test]
    fn texts_and_numbers_are_texts() {
        for (value, text) in [
            (json!("abc"), "abc"),
            (json!("  a\tb \n\u{a0}"), "a\tb"),
            (json!(555), "555"),
            (json!(1.5), "1.5"),
            (json!(2.0), "2.0"),
            (json!(" Blåbæ "), "Blåbæ"),
        ] {
            assert_eq!(check(NAME, &value).as_deref(), Ok(text), "{value}");
        }
    }

    #[test]
    fn a_text_that_is_refused_says_why() {
        for (value, fault) in [
            (json!(""), "This field may not be blank."),
            (json!(" \u{1f} "), "This field may not be blank."),
            (json!(true), "Not a valid string."),
            (json!(["a"]), "Not a valid string."),
            (json!({}), "Not a valid string."),
            (json!("abcdef"), "Ensure this field has no more than 5 characters."),
            (json!("a\0b"), "Null characters are not allowed."),
        ] {
            assert_eq!(check(NAME, &value), Err(vec![fault.to_owned()]), "{value}");
        }
        assert_eq!(check(NAME, &json!("abcde\0")).unwrap_err().len(), 2);
    }

    #[test]
    fn a_text_as_typed_keeps_its_ends_and_is_blank_all_the_same() {
        let password = Text { trimmed: false, ..NAME };
        assert_eq!(check(password, &json!(" a ")).as_deref(), Ok(" a "));
        assert!(check(password, &json!("   ")).is_err());
        let remark = Text { may_be_blank: true, ..NAME };
        assert_eq!(check(remark, &json!("   ")).as_deref(), Ok(""));
    }

    #[test]
    fn yes_and_no_have_many_spellings() {
        for value in
            [json!(true), json!(1), json!(1.0), json!("t"), json!("YES"), json!("On"), json!("1")]
        {
            assert_eq!(boolean(&value), Ok(true), "{value}");
        }
        for value in [json!(false), json!(0), json!("f"), json!("No"), json!("OFF"), json!("0")] {
            assert_eq!(boolean(&value), Ok(false), "{value}");
        }
        for value in [
            json!(""),
            json!(" true "),
            json!("null"),
            json!(2),
            json!("tRuE"),
            json!([]),
            json!({}),
        ] {
            assert!(boolean(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_choice_is_repeated_when_it_is_none() {
        assert_eq!(choice(&["a", "b"], &json!("b")).as_deref(), Ok("b"));
        for (value, shown) in [
            (json!("B"), "B"),
            (json!(""), ""),
            (json!(5), "5"),
            (json!(true), "True"),
            (json!(["a", 1, null]), "['a', 1, None]"),
            (json!({ "it's": [] }), "{\"it's\": []}"),
        ] {
            let fault = format!("\"{shown}\" is not a valid choice.");
            assert_eq!(choice(&["a", "b"], &value), Err(fault));
        }
    }
}
