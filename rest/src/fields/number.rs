//! Whole numbers and decimal ones, written as numbers or as text.

use super::text::is_python_space;
use serde_json::{Number, Value};

/// Longer texts are not even looked at.
const NUMBER_CHARS: usize = 1_000;
/// Digits of an amount, all together.
const DIGITS: i64 = 10;
/// How many of them are decimals.
const DECIMALS: i64 = 2;
const NOT_AN_INTEGER: &str = "A valid integer is required.";
const NOT_A_NUMBER: &str = "A valid number is required.";
const TOO_LONG: &str = "String value too large.";

/// A whole number within limits.
pub(super) fn limited(value: &Value, min: Option<i64>, max: Option<i64>) -> Result<i128, String> {
    let number = match value {
        Value::Number(number) => whole(&python_text(number), number.as_f64()),
        Value::String(text) if text.chars().nth(NUMBER_CHARS).is_some() => {
            return Err(TOO_LONG.to_owned());
        }
        Value::String(text) => integer(text),
        _ => None,
    };
    let number = number.ok_or_else(|| NOT_AN_INTEGER.to_owned())?;
    match (min, max) {
        (Some(min), _) if number < i128::from(min) => {
            Err(format!("Ensure this value is greater than or equal to {min}."))
        }
        (_, Some(max)) if number > i128::from(max) => {
            Err(format!("Ensure this value is less than or equal to {max}."))
        }
        _ => Ok(number),
    }
}

/// The whole number that a text is: digits, perhaps a sign, perhaps a point with zeros behind it.
/// What no counter holds becomes the greatest or least number there is.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let text = text.trim_matches(is_python_space);
    let text = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse::<i128>().unwrap_or(i128::MAX);
    Some(if negative { -number } else { number })
}

/// Numbers beyond 64 bits arrive as floating ones.
fn whole(text: &str, float: Option<f64>) -> Option<i128> {
    const BEYOND: f64 = 1e16;
    integer(text).or_else(|| {
        let float = float.filter(|float| float.abs() >= BEYOND)?;
        integer(&format!("{float:.0}"))
    })
}

/// An amount of money, written with two decimals.
pub(super) fn decimal(value: &Value, may_be_negative: bool) -> Result<String, String> {
    let text = match value {
        Value::Number(number) => python_text(number),
        Value::String(text) => text.trim_matches(is_python_space).to_owned(),
        _ => return Err(NOT_A_NUMBER.to_owned()),
    };
    if text.chars().nth(NUMBER_CHARS).is_some() {
        return Err(TOO_LONG.to_owned());
    }
    let number = Parsed::of(&text).ok_or_else(|| NOT_A_NUMBER.to_owned())?;
    number.check_digits()?;
    if number.negative && !number.is_zero() && !may_be_negative {
        return Err("Ensure this value is greater than or equal to 0.".to_owned());
    }
    Ok(number.shown())
}

/// Significant digits and where the point stands: `digits` × 10^`exponent`.
struct Parsed {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Parsed {
    fn of(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power_of(power)?),
            None => (text, 0),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{decimals}");
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_start_matches('0');
        let digits = if significant.is_empty() { "0" } else { significant }.to_owned();
        let exponent = power.checked_sub(i64::try_from(decimals.len()).ok()?)?;
        Some(Self { negative, digits, exponent })
    }

    fn is_zero(&self) -> bool {
        self.digits == "0"
    }

    /// In the order in which Django looks: all digits, decimals, whole digits. One message only.
    fn check_digits(&self) -> Result<(), String> {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let (total, decimals) = match self.exponent {
            exponent if exponent >= 0 => (length.saturating_add(exponent), 0),
            exponent => (length.max(-exponent), -exponent),
        };
        let limit = |number: i64, what: &str| {
            Err(format!("Ensure that there are no more than {number} {what}."))
        };
        if total > DIGITS {
            limit(DIGITS, "digits in total")
        } else if decimals > DECIMALS {
            limit(DECIMALS, "decimal places")
        } else if total - decimals > DIGITS - DECIMALS {
            limit(DIGITS - DECIMALS, "digits before the decimal point")
        } else {
            Ok(())
        }
    }

    /// With two decimals. Only after [`Self::check_digits`]: the number is short.
    fn shown(&self) -> String {
        let zeros = usize::try_from(self.exponent + DECIMALS).unwrap_or_default();
        let minor = format!("{}{}", self.digits, "0".repeat(zeros));
        let minor = format!("{minor:0>3}");
        let (whole, decimals) = minor.split_at(minor.len() - 2);
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let sign = if self.negative && !self.is_zero() { "-" } else { "" };
        format!("{sign}{whole}.{decimals}")
    }
}

fn power_of(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| {
        // No power of this size leaves ten digits.
        let power = digits.parse::<i64>().unwrap_or(i64::MAX).min(1_000_000);
        if text.starts_with('-') { -power } else { power }
    })
}

/// The number as Python writes it: `5`, `5.0`, `1.5`, `1e+20`.
pub(super) fn python_text(number: &Number) -> String {
    let float = match number.as_f64() {
        Some(float) if number.is_f64() => float,
        _ => return number.to_string(),
    };
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent @ -4..16) => {
            let text = format!("{float}");
            if exponent >= 0 && !text.contains('.') { format!("{text}.0") } else { text }
        }
        Ok(exponent) if exponent < 0 => format!("{mantissa}e-{:02}", -exponent),
        _ => format!("{mantissa}e+{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_have_many_spellings() {
        for (value, number) in [
            (json!(5), 5),
            (json!(5.0), 5),
            (json!("5"), 5),
            (json!(" 5 "), 5),
            (json!("+7"), 7),
            (json!("-7"), -7),
            (json!("5.0"), 5),
            (json!("5.00"), 5),
            (json!("5."), 5),
            (json!("007"), 7),
        ] {
            assert_eq!(limited(&value, None, None), Ok(number), "{value}");
        }
    }

    #[test]
    fn anything_else_is_no_whole_number() {
        for value in [
            json!(true),
            json!(""),
            json!(1.5),
            json!("1e2"),
            json!("x"),
            json!("1.5"),
            json!([1]),
            json!({}),
            json!("--1"),
            json!("+"),
            json!("."),
            json!("1 2"),
            json!(1e-7),
        ] {
            assert_eq!(limited(&value, None, None), Err(NOT_AN_INTEGER.to_owned()), "{value}");
        }
        assert_eq!(limited(&json!("1".repeat(1001)), None, None), Err(TOO_LONG.to_owned()));
    }

    #[test]
    fn a_limit_is_named() {
        let units = |value: Value| limited(&value, Some(0), Some(2_147_483_647)).unwrap_err();
        let greatest = "Ensure this value is less than or equal to 2147483647.";
        assert_eq!(units(json!(-1)), "Ensure this value is greater than or equal to 0.");
        assert_eq!(units(json!(2_147_483_648_i64)), greatest);
        let huge: Value = serde_json::from_str("100000000000000000000").unwrap();
        assert_eq!(units(huge), greatest);
        assert_eq!(units(json!("9".repeat(900))), greatest);
    }

    #[test]
    fn amounts_come_out_with_two_decimals() {
        for (value, shown) in [
            (json!(5), "5.00"),
            (json!(10.5), "10.50"),
            (json!("5"), "5.00"),
            (json!(".5"), "0.50"),
            (json!("5."), "5.00"),
            (json!("+5"), "5.00"),
            (json!("1e2"), "100.00"),
            (json!("1E-2"), "0.01"),
            (json!(" 3.1 "), "3.10"),
            (json!("00012.50"), "12.50"),
            (json!("-0"), "0.00"),
            (json!("0.01"), "0.01"),
            (json!(99_999_999.99), "99999999.99"),
        ] {
            assert_eq!(decimal(&value, false).as_deref(), Ok(shown), "{value}");
        }
        assert_eq!(decimal(&json!("-1.5"), true).as_deref(), Ok("-1.50"));
    }

    #[test]
    fn amounts_that_are_none_say_why() {
        for value in [
            json!("NaN"),
            json!("Infinity"),
            json!(true),
            json!(""),
            json!("1,5"),
            json!("$5"),
            json!(["1"]),
            json!({}),
            json!("."),
            json!("e5"),
            json!("1e"),
            json!("1.2.3"),
        ] {
            assert_eq!(decimal(&value, false), Err(NOT_A_NUMBER.to_owned()), "{value}");
        }
        for (value, fault) in [
            (json!("1.000"), "Ensure that there are no more than 2 decimal places."),
            (json!("123456789.12"), "Ensure that there are no more than 10 digits in total."),
            (
                json!("123456789"),
                "Ensure that there are no more than 8 digits before the decimal point.",
            ),
            (json!("12345678901"), "Ensure that there are no more than 10 digits in total."),
            (json!("1e999999999999"), "Ensure that there are no more than 10 digits in total."),
            (json!("-0.01"), "Ensure this value is greater than or equal to 0."),
            (json!("1".repeat(1001)), TOO_LONG),
        ] {
            assert_eq!(decimal(&value, false), Err(fault.to_owned()), "{value}");
        }
    }

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (json, text) in
            [("5", "5"), ("5.0", "5.0"), ("1e2", "100.0"), ("1e16", "1e+16"), ("0.00001", "1e-05")]
        {
            assert_eq!(python_text(&serde_json::from_str(json).unwrap()), text);
        }
    }
}
