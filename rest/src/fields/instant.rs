//! Moments in ISO 8601.

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc,
};
use serde_json::Value;

const WRONG: &str = "Datetime has wrong format. Use one of these formats instead: \
                     YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

/// The moment in UTC, as the graph writes it. Without offset it is in UTC already.
pub(super) fn check(value: &Value) -> Result<String, String> {
    let moment = value.as_str().and_then(|text| moment(text.trim()));
    let moment = moment.filter(|moment| (1..=9_999).contains(&moment.year()));
    let moment = moment.ok_or_else(|| WRONG.to_owned())?;
    Ok(moment.to_rfc3339_opts(SecondsFormat::Micros, true))
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (&rest[..at], offset(&rest[at..])?),
        None => (rest, FixedOffset::east_opt(0)?),
    };
    let formats = ["%H:%M:%S%.f", "%H:%M"];
    let time = formats.iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?;
    let local: NaiveDateTime = date.and_time(time);
    Some(local.and_local_timezone(offset).single()?.to_utc())
}

fn offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let digits = digits.replace(':', "");
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits.get(2..).filter(|it| !it.is_empty()).unwrap_or("0").parse().ok()?;
    FixedOffset::east_opt(sign * (hours * 3_600 + minutes * 60))
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
            json!("9999-12-31T23:59:59-01:00"),
            json!("2020-02-03T04:05:06+99:00"),
            json!("äöüäöüäöüäöü"),
        ] {
            assert_eq!(check(&value), Err(WRONG.to_owned()), "{value}");
        }
    }
}
