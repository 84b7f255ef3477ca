//! The field rules of Django REST Framework, which both documented systems were written with: what
//! is accepted for a member of each kind, in JSON and in forms, and how it is refused.
//!
//! These are rules about how things are written. What the shop allows, the graph says.

mod check;
mod faults;
pub(crate) mod forms;
mod instant;
mod number;
mod text;

pub(crate) use check::Checked;
pub(crate) use faults::{Faults, REQUIRED, kind_of};
pub(crate) use number::integer;

use serde_json::{Map, Value};

/// One member of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Must be given, except in PATCH.
    pub(crate) required: bool,
}

/// What a member holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text(Text),
    /// A whole number within these limits.
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// Ten digits at most, two of them decimals.
    Decimal {
        may_be_negative: bool,
    },
    Boolean,
    /// ISO 8601.
    Instant,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// Objects with these members.
    List(&'static [Member]),
}

/// What a text may be like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    pub(crate) max_chars: Option<usize>,
    pub(crate) may_be_blank: bool,
    /// White space at its ends does not count.
    pub(crate) trimmed: bool,
    /// What the graph wants of it besides.
    pub(crate) pattern: Option<Pattern>,
}

/// What the graph wants of a text. It is asked also about one that is too long, which it refuses in
/// any case: the documented systems name everything that is wrong with a text, in a certain order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Its characters are looked at before its length.
    Username,
    /// It is looked at last.
    Email,
}

/// Most characters of a text that is meant to be long. The first system knows no limit.
pub(crate) const LONG_TEXT: usize = 100_000;
/// The greatest number of units that REST shows.
pub(crate) const MAX_UNITS: i64 = 2_147_483_647;

impl Member {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false }
    }

    /// A text that may not be blank.
    pub(crate) const fn text(name: &'static str) -> Self {
        let text = Text { max_chars: None, may_be_blank: false, trimmed: true, pattern: None };
        Self::new(name, Kind::Text(text))
    }

    /// A text that must be as the graph wants it.
    pub(crate) const fn like(self, pattern: Pattern) -> Self {
        match self.kind {
            Kind::Text(text) => {
                Self { kind: Kind::Text(Text { pattern: Some(pattern), ..text }), ..self }
            }
            _ => self,
        }
    }

    /// A whole number of any size.
    pub(crate) const fn integer(name: &'static str) -> Self {
        Self::new(name, Kind::Integer { min: None, max: None })
    }

    /// A number of units, from `min`.
    pub(crate) const fn units(name: &'static str, min: i64) -> Self {
        Self::new(name, Kind::Integer { min: Some(min), max: Some(MAX_UNITS) })
    }

    /// A number of units that a customer asks for: 1 or more. Above [`MAX_UNITS`] it is more than
    /// any stock, which is not a validation error.
    pub(crate) const fn requested_units(name: &'static str) -> Self {
        Self::new(name, Kind::Integer { min: Some(1), max: None })
    }

    /// An amount of money, 0 or more.
    pub(crate) const fn money(name: &'static str) -> Self {
        Self::new(name, Kind::Decimal { may_be_negative: false })
    }

    /// A price that somebody names and nobody uses.
    pub(crate) const fn ignored_price(name: &'static str) -> Self {
        Self::new(name, Kind::Decimal { may_be_negative: true })
    }

    /// Yes or no.
    pub(crate) const fn boolean(name: &'static str) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// A moment.
    pub(crate) const fn instant(name: &'static str) -> Self {
        Self::new(name, Kind::Instant)
    }

    /// One of a few texts.
    pub(crate) const fn choice(name: &'static str, values: &'static [&'static str]) -> Self {
        Self::new(name, Kind::Choice(values))
    }

    /// A list of objects.
    pub(crate) const fn list(name: &'static str, members: &'static [Self]) -> Self {
        Self::new(name, Kind::List(members))
    }

    /// It must be given.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// A text of at most so many characters.
    pub(crate) const fn max(self, max_chars: usize) -> Self {
        match self.kind {
            Kind::Text(text) => {
                let text = Text { max_chars: Some(max_chars), ..text };
                Self { kind: Kind::Text(text), ..self }
            }
            _ => self,
        }
    }

    /// A text that may be blank.
    pub(crate) const fn or_blank(self) -> Self {
        match self.kind {
            Kind::Text(text) => {
                Self { kind: Kind::Text(Text { may_be_blank: true, ..text }), ..self }
            }
            _ => self,
        }
    }

    /// A text that is kept as typed, also at its ends.
    pub(crate) const fn as_typed(self) -> Self {
        match self.kind {
            Kind::Text(text) => Self { kind: Kind::Text(Text { trimmed: false, ..text }), ..self },
            _ => self,
        }
    }
}

/// The members that a body gives.
#[derive(Debug, Default)]
pub(crate) struct Body {
    members: Map<String, Value>,
    /// Everything in a form is a text, and an empty one may mean that nothing was entered.
    from_form: bool,
}

impl Body {
    /// # Errors
    /// When it is not an object.
    pub(crate) fn from_json(value: Value) -> Result<Self, Faults> {
        match value {
            Value::Object(members) => Ok(Self { members, from_form: false }),
            Value::Null => Err(Faults::of_whole("No data provided")),
            other => Err(Faults::not_an_object(&other)),
        }
    }

    fn from_form(members: Map<String, Value>) -> Self {
        Self { members, from_form: true }
    }

    /// Whether the member is given at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The member as it was given.
    pub(crate) fn raw(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Also in a form, an empty text is a text: as those routes read it that check nothing first.
    pub(crate) fn written(self) -> Self {
        Self { from_form: false, ..self }
    }

    /// Checks every one of `members`. With `partial`, none is required.
    pub(crate) fn check(&self, members: &'static [Member], partial: bool) -> Checked {
        check::check(self, members, partial)
    }
}
