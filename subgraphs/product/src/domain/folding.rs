//! How texts are compared in a search: the same on every database.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Separates the grams of a name. [`fold`] removes it from texts.
pub(crate) const SEPARATOR: char = '\u{1f}';
/// A term of fewer characters is searched for among the grams of a name.
const TRIGRAM: usize = 3;

/// The text in the form in which it is searched: NFKC, in lower case. Two texts that differ in case
/// only, or in how Unicode composes their characters, are the same.
pub(crate) fn fold(text: &str) -> String {
    let lower = text.nfkc().flat_map(char::to_lowercase).nfkc();
    let replaced = lower.map(|letter| match letter {
        // The second lower-case form of one letter, which stands at the end of words only.
        'ς' => 'σ',
        SEPARATOR | '\0' => ' ',
        letter => letter,
    });
    replaced.collect()
}

/// Every sequence of one and of two characters in a folded name, each after [`SEPARATOR`]: `a` as two
/// separators and the letter, `ab` as one and both. So each of them has three characters, as the
/// index for longer terms wants them.
pub(crate) fn grams(folded: &str) -> String {
    let letters: Vec<char> = folded.chars().collect();
    let ones = letters.iter().map(|one| format!("{SEPARATOR}{SEPARATOR}{one}"));
    let twos = letters.windows(2).map(|two| {
        two.iter().fold(SEPARATOR.to_string(), |mut gram, c| {
            gram.push(*c);
            gram
        })
    });
    ones.chain(twos).collect::<BTreeSet<String>>().into_iter().collect()
}

/// A folded text that is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// One or two characters: found in names only, by their gram.
    Short(String),
    /// Three characters or more: found in names and descriptions.
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
        grams_of_short(self.text())
    }
}

fn grams_of_short(text: &str) -> String {
    let padding = TRIGRAM.saturating_sub(text.chars().count());
    std::iter::repeat_n(SEPARATOR, padding).chain(text.chars()).collect()
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
        assert_eq!(fold("a\u{1f}b"), "a b");
    }

    #[test]
    fn a_name_has_a_gram_for_each_short_term_that_it_contains() {
        let grams = grams("0% _");
        for short in ["0", "%", " ", "_", "0%", "% ", " _"] {
            assert!(grams.contains(&Term::new(short).gram()), "{short:?}");
        }
        for other in ["1", "0 ", "_%"] {
            assert!(!grams.contains(&Term::new(other).gram()), "{other:?}");
        }
        assert_eq!(Term::new("ab"), Term::Short("ab".to_owned()));
        assert_eq!(Term::new("Abc"), Term::Long("abc".to_owned()));
    }
}
