//! What a user may be called.

use super::InvalidField;
use commerce::text;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Most characters of a username.
const USERNAME_CHARS: usize = 150;

/// A username: 1 to 150 letters and digits of any script, and `@.+-_`. Of a name that is wrong in
/// both ways, its characters are told.
pub(crate) fn username(text: &str) -> Result<String, InvalidField> {
    if !text.trim().chars().all(is_allowed) {
        return Err(InvalidField::Username);
    }
    Ok(text::required(text, USERNAME_CHARS)?)
}

/// Marks and letters in circles are no letters, whatever they look like.
fn is_allowed(c: char) -> bool {
    let kind = || c.general_category_group();
    c.is_ascii_alphanumeric()
        || "@.+-_".contains(c)
        || !c.is_ascii()
            && matches!(kind(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// The username of a new account: NFKC, so that no two accounts have names that look the same
/// because one of them is written with ligatures or wide letters.
pub(crate) fn new_username(text: &str) -> Result<String, InvalidField> {
    let normal: String = username(text)?.nfkc().collect();
    // One letter may stand for a whole phrase, spaces and all.
    username(&normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use commerce::text::InvalidText;

    #[test]
    fn letters_and_digits_of_every_script_are_taken() {
        for name in ["a", "john_doe", "Ünï.cødé_Жук-山@+", "٤٢"] {
            assert_eq!(username(name).as_deref(), Ok(name));
        }
        assert_eq!(username("  trim_me  ").unwrap(), "trim_me");
    }

    #[test]
    fn anything_else_is_refused() {
        for name in
            ["bad name", "bad!name", "a/b", "🎉", "a\u{301}", "a\u{200d}b", "a\nb", "ி", "Ⓐ", "a\0"]
        {
            assert_eq!(username(name), Err(InvalidField::Username), "{name:?}");
        }
        let too_long = InvalidText::TooLong { max_chars: 150 };
        assert_eq!(username(&"x".repeat(151)), Err(too_long.into()));
        assert_eq!(username(&"! ".repeat(200)), Err(InvalidField::Username));
        assert_eq!(username("\u{3000}"), Err(InvalidText::Blank.into()));
    }

    #[test]
    fn only_a_new_name_is_normalised() {
        assert_eq!(new_username("ﬁx_me").unwrap(), "fix_me");
        assert_eq!(username("ﬁx_me").unwrap(), "ﬁx_me");
        assert_eq!(new_username("\u{fdfa}"), Err(InvalidField::Username));
        let too_long = InvalidText::TooLong { max_chars: 150 };
        assert_eq!(new_username(&"ﬁ".repeat(76)), Err(too_long.into()));
    }
}
