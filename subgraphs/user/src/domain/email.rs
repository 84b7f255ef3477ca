//! Which e-mail addresses are taken: those that the documented REST interface always took.

use super::InvalidField;
use commerce::text;
use std::net::IpAddr;

/// Most characters of an address.
const EMAIL_CHARS: usize = 254;
/// Longer ones are not even looked at.
const LOOKED_AT_CHARS: usize = 320;
/// Most characters of one label of a domain.
const LABEL_CHARS: usize = 63;
/// Fewest characters of a domain's last label.
const LAST_LABEL_CHARS: usize = 2;
/// The one domain that may stand alone.
const LOCAL_DOMAIN: &str = "localhost";

/// An address, or none. Of what is no address and too long, the former is told.
pub(crate) fn email(text: &str) -> Result<String, InvalidField> {
    let address = text.trim();
    let long = address.chars().nth(LOOKED_AT_CHARS).is_some();
    if !address.is_empty() && (long || !is_address(address)) {
        return Err(InvalidField::Email);
    }
    Ok(text::optional(text, EMAIL_CHARS)?)
}

/// The address of a new account, or none: its domain in lower case. The part in front of the `@`
/// belongs to the mail server and stays as it is.
pub(crate) fn new_email(text: &str) -> Result<String, InvalidField> {
    let text = email(text)?;
    Ok(match text.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => text,
    })
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_international =
        || !domain.is_ascii() && idna::domain_to_ascii(domain).is_ok_and(|it| is_domain(&it));
    is_local(local) && (is_domain(domain) || is_literal(domain) || is_international())
}

/// Words with points between them, or almost anything in quotes.
fn is_local(local: &str) -> bool {
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(content) => is_quoted(content),
        None => local.split('.').all(|word| !word.is_empty() && word.chars().all(is_word_char)),
    }
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_quoted(content: &str) -> bool {
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        let fine = match c {
            '\\' => chars.next().is_some_and(|c| c.is_ascii() && !"\0\n\r".contains(c)),
            c => c.is_ascii() && !"\0\t\n\r \"".contains(c),
        };
        if !fine {
            return false;
        }
    }
    true
}

fn is_domain(domain: &str) -> bool {
    let Some((labels, last)) = domain.rsplit_once('.') else { return domain == LOCAL_DOMAIN };
    is_label(last)
        && last.len() >= LAST_LABEL_CHARS
        && labels.split('.').all(|label| is_label(label) && !label.starts_with('-'))
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_CHARS).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.ends_with('-')
}

/// An IP address in brackets.
fn is_literal(domain: &str) -> bool {
    let address = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    address.is_some_and(|address| address.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_can_be_delivered_to_are_taken() {
        for text in [
            "",
            "john@example.com",
            "me@localhost",
            "a+b@sub.example.co",
            "a@b.cd",
            "o'brien@example.com",
            "\"a@b\"@example.com",
            "\"a\\ b\"@example.com",
            "\"\u{1}\"@example.com",
            "a@example.-com",
            "x@[127.0.0.1]",
            "x@[::1]",
            "post@bücher.example",
            "post@例え.テスト",
        ] {
            assert_eq!(email(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "not-an-email",
            "@example.com",
            "a@",
            "a@b",
            "a@b@example.com",
            "a b@example.com",
            "a..b@example.com",
            ".a@example.com",
            "a.@example.com",
            "почта@example.com",
            "\"a\"b\"@example.com",
            "\"a@example.com",
            "\"\\\"@example.com",
            "a@-example.com",
            "a@example-.com",
            "a@example..com",
            "a@example.com.",
            "a@example.c",
            "a@exa_mple.com",
            "a@[300.1.1.1]",
            "a@127.0.0.1",
            "a@LOCALHOST",
            "a\0@example.com",
        ] {
            assert_eq!(email(text), Err(InvalidField::Email), "{text:?}");
        }
        let long = |chars: usize| email(&format!("{}@example.com", "e".repeat(chars)));
        assert!(matches!(long(250), Err(InvalidField::Text(_))));
        assert_eq!(long(2_000), Err(InvalidField::Email));
        assert_eq!(email(&"e".repeat(255)), Err(InvalidField::Email));
    }

    #[test]
    fn only_a_new_account_s_domain_goes_to_lower_case() {
        assert_eq!(new_email(" Trim.Me@EXAMPLE.COM ").unwrap(), "Trim.Me@example.com");
        assert_eq!(email("min@Example.COM").unwrap(), "min@Example.COM");
        assert_eq!(new_email("").unwrap(), "");
    }
}
