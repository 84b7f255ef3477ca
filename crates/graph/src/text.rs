//! Rewrites what hive-router's parser does not accept in a document, although GraphQL allows it.
//!
//! - Escapes in strings: surrogate pairs (`\uD83D\uDE00`) and `\u{1F600}`. The parser also reads
//!   `\b` as another character.
//! - Whole numbers beyond 64 bits, which are valid for `ID` only: they become strings.
//!
//! The rest of the text keeps its place, so that locations stay right.

use std::borrow::Cow;
use std::fmt::Write;

/// The document in a form that the parser accepts, or what is wrong with one of its strings.
pub(crate) fn rewrite(query: &str) -> Result<Cow<'_, str>, String> {
    let mut scan = Scan { query, at: 0, copied: 0, out: String::new() };
    while let Some(byte) = scan.byte(0) {
        match byte {
            b'#' => scan.skip(|byte| byte != b'\n' && byte != b'\r'),
            b'"' if scan.query[scan.at..].starts_with("\"\"\"") => scan.block_string(),
            b'"' => scan.string()?,
            b'0'..=b'9' | b'-' => scan.number(),
            byte if is_name(byte) => scan.skip(is_name),
            _ => scan.at += 1,
        }
    }
    if scan.copied == 0 {
        return Ok(Cow::Borrowed(query));
    }
    scan.out.push_str(&query[scan.copied..]);
    Ok(Cow::Owned(scan.out))
}

struct Scan<'q> {
    query: &'q str,
    /// The next byte to look at.
    at: usize,
    /// The end of what `out` has.
    copied: usize,
    out: String,
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

impl Scan<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.query.as_bytes().get(self.at + ahead).copied()
    }

    fn skip(&mut self, part: impl Fn(u8) -> bool) {
        while self.byte(0).is_some_and(&part) {
            self.at += 1;
        }
    }

    fn replace(&mut self, start: usize, with: &str) {
        self.out.push_str(&self.query[self.copied..start]);
        self.out.push_str(with);
        self.copied = self.at;
    }

    fn number(&mut self) {
        let start = self.at;
        self.at += 1;
        self.skip(|byte| byte.is_ascii_digit());
        let is_float = self.byte(0).is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E'));
        let digits = &self.query[start..self.at];
        let is_number =
            digits.trim_start_matches('-').starts_with(|first| matches!(first, '1'..='9'));
        if is_float || !is_number || digits.parse::<i64>().is_ok() {
            self.skip(|byte| matches!(byte, b'.' | b'+' | b'-') || is_name(byte));
            return;
        }
        let quoted = format!("\"{digits}\"");
        self.replace(start, &quoted);
    }

    fn block_string(&mut self) {
        self.at += 3;
        while let Some(byte) = self.byte(0) {
            let rest = &self.query.as_bytes()[self.at..];
            if rest.starts_with(b"\\\"\"\"") {
                self.at += 4;
            } else if byte == b'"' && rest.starts_with(b"\"\"\"") {
                self.at += 3;
                return;
            } else {
                self.at += 1;
            }
        }
    }

    /// Leaves strings that do not end, or have no escapes of those kinds, to the parser.
    fn string(&mut self) -> Result<(), String> {
        let (start, mut rewrites) = (self.at, false);
        self.at += 1;
        loop {
            match self.byte(0) {
                None | Some(b'\n' | b'\r') => return Ok(()),
                Some(b'"') => break,
                Some(b'\\') => {
                    rewrites |= matches!(self.byte(1), Some(b'u' | b'b'));
                    self.at += if self.byte(1).is_some() { 2 } else { 1 };
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        if rewrites && let Some(original) = self.query.get(start..self.at) {
            let value = decode(&original[1..original.len() - 1])?;
            let mut literal = encode(&value);
            // What follows on the line keeps its column.
            let shorter = original.chars().count().saturating_sub(literal.chars().count());
            literal.extend(std::iter::repeat_n(' ', shorter));
            self.replace(start, &literal);
        }
        Ok(())
    }
}

fn decode(text: &str) -> Result<String, String> {
    let (mut value, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else { break };
        rest = &rest[escape.len_utf8()..];
        value.push(match escape {
            '"' | '\\' | '/' => escape,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (character, length) =
                    code_point(rest).ok_or_else(|| invalid(&format!("\\u{rest}")))?;
                rest = &rest[length..];
                character
            }
            _ => return Err(invalid(&format!("\\{escape}"))),
        });
    }
    value.push_str(rest);
    Ok(value)
}

fn invalid(escape: &str) -> String {
    let shown: String = escape.chars().take(12).collect();
    format!("a string has an invalid escape sequence: {shown}")
}

/// The character after `\u`, and the number of bytes that describe it.
fn code_point(text: &str) -> Option<(char, usize)> {
    if let Some(braced) = text.strip_prefix('{') {
        let digits = &braced[..braced.find('}')?];
        let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Leading zeros may be any number.
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        return Some((char::from_u32(code)?, digits.len() + 2));
    }
    let first = four_digits(text)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, 4));
    }
    let second = four_digits(text.get(4..)?.strip_prefix("\\u")?)?;
    let pair = char::decode_utf16([first, second]).next()?.ok()?;
    Some((pair, 10))
}

fn four_digits(text: &str) -> Option<u16> {
    let digits = text.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

fn encode(value: &str) -> String {
    let mut literal = String::with_capacity(value.len() + 2);
    literal.push('"');
    for character in value.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            character if u32::from(character) < 0x20 => {
                // Writing to a string does not fail.
                let _ = write!(literal, "\\u{:04X}", u32::from(character));
            }
            character => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_these_forms_is_not_copied() {
        for query in [
            "{ a(x: \"\\n\\\"\", y: -12, z: 1.5e300) { b12 } } # \"\\u0041\" 99999999999999999999",
            "{ a(x: \"\"\"\\u0041 \\\"\"\" 99999999999999999999\"\"\") }",
            "{ a(x: \"",
            "{ a(x: \"\\",
            "{ a(x: 9223372036854775807) }",
        ] {
            assert!(matches!(rewrite(query), Ok(Cow::Borrowed(same)) if same == query), "{query}");
        }
    }

    #[test]
    fn every_escape_of_a_character_is_read() {
        for (escape, character) in [
            (r"\u0041", "A"),
            (r"\uD83D\uDE00", "😀"),
            (r"\u{1F600}", "😀"),
            (r"\u{00041}", "A"),
            (r"\u{41}\u0042", "AB"),
            (r"\b", r"\u0008"),
            (r#"\u0022"#, r#"\""#),
            (r"\u005C", r"\\"),
            (r"\u000A", r"\n"),
        ] {
            let rewritten = rewrite(&format!("{{ a(x: \"é{escape}\") }}")).unwrap().into_owned();
            assert!(rewritten.starts_with(&format!("{{ a(x: \"é{character}\"")), "{rewritten}");
        }
    }

    #[test]
    fn what_follows_a_shorter_string_keeps_its_column() {
        let query = r#"{ a(x: "\u{1F600}") b }"#;
        let rewritten = rewrite(query).unwrap();
        assert_eq!(rewritten.chars().position(|c| c == 'b'), query.find(" b ").map(|at| at + 1));
    }

    #[test]
    fn half_a_surrogate_pair_is_an_error() {
        for escape in
            [r"\uD83D", r"\uDE00", r"\uD83D\u0041", r"\u{D800}", r"\u{110000}", r"\u{}", r"\u12G4"]
        {
            let error = rewrite(&format!("{{ a(x: \"{escape}\") }}")).unwrap_err();
            assert!(error.contains("escape"), "{error}");
        }
    }

    #[test]
    fn a_whole_number_beyond_64_bits_becomes_a_string() {
        let rewritten = rewrite("{ a(x: [-99999999999999999999, 12345678901234567890]) }").unwrap();
        assert_eq!(rewritten, "{ a(x: [\"-99999999999999999999\", \"12345678901234567890\"]) }");
    }
}
