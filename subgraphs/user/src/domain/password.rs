//! Secrets. Neither type can be printed, serialized or answered.

use super::InvalidField;
use commerce::text::InvalidText;
use std::fmt;

/// Most characters of a password.
const PASSWORD_CHARS: usize = 128;

/// A password in the clear.
pub(crate) struct Password(String);

impl Password {
    /// A password that somebody chooses: 1 to 128 characters, kept as typed, white space too.
    pub(crate) fn chosen(text: String) -> Result<Self, InvalidField> {
        if text.trim().is_empty() {
            return Err(InvalidText::Blank.into());
        }
        if text.contains('\0') {
            return Err(InvalidText::Nul.into());
        }
        if text.chars().nth(PASSWORD_CHARS).is_some() {
            return Err(InvalidText::TooLong { max_chars: PASSWORD_CHARS }.into());
        }
        Ok(Self(text))
    }

    /// A password that somebody claims to be right: any text.
    pub(crate) fn offered(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password as it is stored: argon2id in PHC form, or a hash brought along from Django.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_typed() {
        let password = Password::chosen("  spaced pass  ".to_owned()).unwrap();
        assert_eq!(password.bytes(), b"  spaced pass  ");
        assert!(Password::chosen("🔑".repeat(128)).is_ok());
    }

    #[test]
    fn white_space_alone_is_no_password() {
        for text in ["", " ", "\t\n", "\u{3000}"] {
            let refused = Password::chosen(text.to_owned()).unwrap_err();
            assert_eq!(refused, InvalidText::Blank.into(), "{text:?}");
        }
        assert!(Password::chosen("p".repeat(129)).is_err());
        assert!(Password::chosen("a\0b".to_owned()).is_err());
    }

    #[test]
    fn secrets_print_as_nothing() {
        let password = Password::offered("hunter2".to_owned());
        let hash = PasswordHash::new("hunter2".to_owned());
        assert!(!format!("{password:?} {hash:?}").contains("hunter2"));
    }
}
