//! Rules that every text from outside obeys.

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Empty, or only white space.
    #[error("may not be blank")]
    Blank,
    /// Longer than allowed.
    #[error("may have at most {max_chars} characters")]
    TooLong {
        /// The most characters (Unicode scalar values) allowed.
        max_chars: usize,
    },
    /// Contains the NUL character, which PostgreSQL cannot store.
    #[error("may not contain the NUL character")]
    Nul,
}

/// The text without white space at its ends, if it then has 1 to `max_chars` characters.
///
/// # Errors
/// [`InvalidText`] says which rule the text breaks.
pub fn required(text: &str, max_chars: usize) -> Result<String, InvalidText> {
    let text = optional(text, max_chars)?;
    if text.is_empty() { Err(InvalidText::Blank) } else { Ok(text) }
}

/// The text without white space at its ends, if it then has at most `max_chars` characters.
///
/// # Errors
/// [`InvalidText`] says which rule the text breaks.
pub fn optional(text: &str, max_chars: usize) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.contains('\0') {
        return Err(InvalidText::Nul);
    }
    // Counting stops early: a text may be megabytes long.
    if text.chars().nth(max_chars).is_some() {
        return Err(InvalidText::TooLong { max_chars });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_measured_in_characters() {
        assert_eq!(required("  Blåbær\u{a0}\n", 6).unwrap(), "Blåbær");
        assert_eq!(required("Blåbær", 5), Err(InvalidText::TooLong { max_chars: 5 }));
        assert_eq!(required(" \t ", 5), Err(InvalidText::Blank));
        assert_eq!(required("a\0b", 5), Err(InvalidText::Nul));
        assert_eq!(optional("   ", 5).unwrap(), "");
    }
}
