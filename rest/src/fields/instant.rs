//! Moments in ISO 8601.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde_json::Value;

const WRONG: &str = "Datetime has wrong format. Use one of these formats instead: \
                     YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
const OUT_OF_RANGE: &str = "Datetime value out of range.";

/// The moment in UTC, as the graph writes it. Without offset it is in UTC already.
pub(super) fn check(value: &Value) -> Result<String, String> {
    let moment = value.as_str().and_then(moment).ok_or_else(|| WRONG.to_owned())?;
    match moment.year() {
        1..=9_999 => Ok(moment.to_rfc3339_opts(SecondsFormat::Micros, true)),
        _ => Err(OUT_OF_RANGE.to_owned()),
    }
}

/// As Django takes it: numbers of one or two digits, white space only in front of the offset.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let mut rest = Rest(text);
    let year = i32::try_from(rest.number(4, 4)?).ok().filter(|year| *year > 0)?;
    rest.skip("-")?;
    let month = rest.number(1, 2)?;
    rest.skip("-")?;
    let date = NaiveDate::from_ymd_opt(year, month, rest.number(1, 2)?)?;
    if rest.0.is_empty() {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    rest.skip("Tt ")?;
    let hour = rest.number(1, 2)?;
    rest.skip(":")?;
    let minute = rest.number(1, 2)?;
    let second = rest.skip(":").map_or(Some(0), |()| rest.number(1, 2))?;
    let micros = rest.skip(".,").map_or(Some(0), |()| rest.micros())?;
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second, micros)?;
    let offset = offset(rest.0.trim_start())?;
    Some(date.and_time(time).and_local_timezone(offset).single()?.to_utc())
}

/// What of a text has not been read yet.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn skip(&mut self, one_of: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(|c| one_of.contains(c))?;
        Some(())
    }

    fn digits(&mut self, most: usize) -> &str {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits
    }

    fn number(&mut self, fewest: usize, most: usize) -> Option<u32> {
        let digits = self.digits(most);
        if digits.len() < fewest { None } else { digits.parse().ok() }
    }

    /// Decimals of a second; what is smaller than a microsecond does not count.
    fn micros(&mut self) -> Option<u32> {
        let decimals = self.digits(6);
        let micros = (!decimals.is_empty()).then(|| format!("{decimals:0<6}"))?.parse().ok();
        self.digits(6);
        micros
    }
}

fn offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.chars().next() {
        None => return FixedOffset::east_opt(0),
        Some('Z') if text.len() == 1 => return FixedOffset::east_opt(0),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let mut rest = Rest(&text[1..]);
    let hours = rest.number(2, 2)?;
    let colon = rest.skip(":").is_some();
    let minutes = if rest.0.is_empty() && !colon { 0 } else { rest.number(2, 2)? };
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok().filter(|_| rest.0.is_empty())?;
    FixedOffset::east_opt(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_answered_in_utc() {
        for (text, shown) in [
            ("2020-02-03T04:05:06Z", "2020-02-03T04:05:06.000000Z"),
            ("2020-02-03T04:05:06.123456+02:00", "2020-02-03T02:05:06.123456Z"),
            ("2020-02-03 04:05", "2020-02-03T04:05:00.000000Z"),
            ("2020-02-03T04:05:06.5-0130", "2020-02-03T05:35:06.500000Z"),
            ("2020-02-03", "2020-02-03T00:00:00.000000Z"),
            ("2020-2-3T4:5:6Z", "2020-02-03T04:05:06.000000Z"),
            ("2020-02-03T04:05:06,5 +02", "2020-02-03T02:05:06.500000Z"),
            ("2020-02-03T04:05:06.123456789Z", "2020-02-03T04:05:06.123456Z"),
        ] {
            assert_eq!(check(&json!(text)).as_deref(), Ok(shown), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_moment() {
        for value in [
            json!("yesterday"),
            json!(""),
            json!(5),
            json!(true),
            json!("2020-13-01T00:00:00Z"),
            json!("2020-02-03T25:00"),
            json!("0000-01-01"),
            json!("2020-02-03T04:05:06+99:00"),
            json!("2020-02-03T04:05:06+2"),
            json!("2020-02-03T04:05:06+02:"),
            json!("2020-02-03T23:59:60Z"),
            json!("2020-02-03T04:05:06z"),
            json!("2020-02-03T04:05:06."),
            json!(" 2020-02-03T04:05:06Z "),
            json!("2020-02-03  04:05:06"),
            json!("2020-02-03T"),
            json!("äöüäöüäöüäöü"),
        ] {
            assert_eq!(check(&value), Err(WRONG.to_owned()), "{value}");
        }
        for text in ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"] {
            assert_eq!(check(&json!(text)), Err(OUT_OF_RANGE.to_owned()), "{text}");
        }
    }
}
