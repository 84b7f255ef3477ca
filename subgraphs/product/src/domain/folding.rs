//! How texts are compared in a search: the same on every database.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// A term of fewer characters is searched for among grams.
const TRIGRAM: usize = 3;

/// The text in the form in which it is searched: NFKC, in lower case. Two texts that differ in case
/// only, or in how Unicode composes their characters, are the same.
pub(crate) fn fold(text: &str) -> String {
    let lower = text.nfkc().flat_map(char::to_lowercase).nfkc();
    let replaced = lower.map(|letter| match letter {
        // The second lower-case form of one letter, which stands at the end of words only.
        'ς' => 'σ',
        letter => letter,
    });
    replaced.collect()
}

/// Every sequence of one and of two characters in the folded texts, as words for an index: each
/// character by its number, because indexes of words leave out what is no letter.
pub(crate) fn grams(texts: [&str; 2]) -> String {
    let mut grams = BTreeSet::new();
    for text in texts {
        let letters: Vec<char> = text.chars().collect();
        grams.extend(letters.chunks(1).chain(letters.windows(2)).map(gram));
    }
    grams.into_iter().collect::<Vec<_>>().join(" ")
}

fn gram(letters: &[char]) -> String {
    let numbers = letters.iter().map(|letter| format!("{:x}", u32::from(*letter)));
    numbers.collect::<Vec<_>>().join("x")
}

/// A folded text that is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// One or two characters: found by their gram.
    Short(String),
    /// Three characters or more: found by their trigrams.
    Long(String),
}

impl Term {
    pub(crate) fn new(text: &str) -> Self {
        let folded = fold(text);
        if folded.chars().nth(TRIGRAM - 1).is_some() {
            Self::Long(folded)
        } else {
            Self::Short(folded)
        }
    }

    pub(crate) fn text(&self) -> &str {
        let (Self::Short(text) | Self::Long(text)) = self;
        text
    }

    /// The gram of a short term.
    pub(crate) fn gram(&self) -> String {
        gram(&self.text().chars().collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_case_or_composition_fold_to_the_same() {
        for (one, other) in [
            ("ÄRZTE", "ärzte"),
            ("A\u{308}RZTE", "ärzte"),
            ("ΟΔΟΣ", "οδος"),
            ("ﬁne", "FINE"),
            ("Ⅷ", "viii"),
            ("İ", "i\u{307}"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn there_is_a_gram_for_each_short_term_that_a_text_contains() {
        let grams = grams(["0% _", "ä"]);
        let grams: Vec<&str> = grams.split(' ').collect();
        for short in ["0", "%", " ", "_", "0%", "% ", " _", "Ä"] {
            assert!(grams.contains(&&*Term::new(short).gram()), "{short:?}");
        }
        for other in ["1", "0 ", "_%", "_ä"] {
            assert!(!grams.contains(&&*Term::new(other).gram()), "{other:?}");
        }
        assert_eq!(Term::new("ab"), Term::Short("ab".to_owned()));
        assert_eq!(Term::new("Abc"), Term::Long("abc".to_owned()));
    }
}
