//! The members of request bodies: the field rules of the adapters, said in JSON Schema.
//!
//! Django's rules are generous: numbers are taken as text, text as numbers. The schemas say so,
//! which makes them longer than their examples.

use utoipa::openapi::schema::{
    AnyOfBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};

/// The greatest quantity.
const QUANTITY_MAX: i32 = i32::MAX;
/// The greatest price.
const PRICE_MAX: f64 = 99_999_999.99;
/// Something beside white space.
const NOT_BLANK: &str = r"\S";

/// An object in the making.
pub(super) struct Members(ObjectBuilder);

impl Members {
    pub(super) fn of(what: &str) -> Self {
        Self(ObjectBuilder::new().schema_type(Type::Object).description(Some(what)))
    }

    /// A member that is required.
    pub(super) fn must(self, name: &str, member: Member) -> Self {
        Self(self.0.property(name, member.0).required(name))
    }

    /// A member that may be left out.
    pub(super) fn may(self, name: &str, member: Member) -> Self {
        Self(self.0.property(name, member.0))
    }

    pub(super) fn build(self) -> Object {
        self.0.build()
    }

    /// The same with nothing required, as PATCH takes it.
    pub(super) fn optional(self) -> Object {
        let mut object = self.0.build();
        object.required.clear();
        object
    }
}

/// What a member may be.
pub(super) struct Member(Schema);

impl Member {
    pub(super) fn schema(self) -> Schema {
        self.0
    }
}

/// Text of at most so many characters, not blank.
pub(super) fn text(most: usize, what: &str) -> Member {
    let text =
        string_or_number().max_length(Some(most)).pattern(Some(NOT_BLANK)).description(Some(what));
    Member(text.into())
}

/// Text of at most so many characters, which may be blank.
pub(super) fn any_text(most: usize, what: &str) -> Member {
    Member(string_or_number().max_length(Some(most)).description(Some(what)).into())
}

/// Text of any length, not blank.
pub(super) fn long_text(what: &str) -> Member {
    Member(string_or_number().pattern(Some(NOT_BLANK)).description(Some(what)).into())
}

/// Text of any length, which may be blank.
pub(super) fn any_long_text(what: &str) -> Member {
    Member(string_or_number().description(Some(what)).into())
}

/// Text in which every part obeys `pattern`.
pub(super) fn text_like(pattern: &str, most: usize, what: &str) -> Member {
    let text = string_or_number().max_length(Some(most)).pattern(Some(pattern));
    Member(text.description(Some(what)).into())
}

/// An e-mail address, or nothing.
pub(super) fn email(what: &str) -> Member {
    let address =
        string().max_length(Some(254)).format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)));
    let none = string().max_length(Some(0));
    Member(AnyOfBuilder::new().item(address).item(none).description(Some(what)).into())
}

/// A whole number from `least` to the greatest quantity.
pub(super) fn quantity(least: i32, what: &str) -> Member {
    whole(least, QUANTITY_MAX, what)
}

/// The id of something else.
pub(super) fn id(what: &str) -> Member {
    whole(1, i32::MAX, what)
}

/// An amount of money.
pub(super) fn money(what: &str) -> Member {
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(0.0))
        .maximum(Some(PRICE_MAX))
        .multiple_of(Some(0.01));
    let text = string().pattern(Some(r"^\s*\+?[0-9]{1,8}(\.[0-9]{0,2})?\s*$"));
    Member(AnyOfBuilder::new().item(text).item(number).description(Some(what)).into())
}

/// True or false, also as 1 and 0 and as text.
pub(super) fn truth(what: &str) -> Member {
    let words = [
        "t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1",
        "f", "F", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0",
    ];
    let truth = AnyOfBuilder::new()
        .item(ObjectBuilder::new().schema_type(Type::Boolean))
        .item(ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([0, 1])))
        .item(string().enum_values(Some(words)));
    Member(truth.description(Some(what)).into())
}

/// One of these words.
pub(super) fn choice<'w>(words: impl IntoIterator<Item = &'w str>, what: &str) -> Member {
    let words: Vec<&str> = words.into_iter().collect();
    Member(string().enum_values(Some(words)).description(Some(what)).into())
}

/// An instant.
pub(super) fn time(what: &str) -> Member {
    let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    Member(string().format(Some(format)).description(Some(what)).into())
}

/// A list of at least one of these.
pub(super) fn list(of: Object, what: &str) -> Member {
    let list = utoipa::openapi::schema::ArrayBuilder::new().items(of).min_items(Some(1));
    Member(list.description(Some(what)).into())
}

fn whole(least: i32, most: i32, what: &str) -> Member {
    let number =
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most));
    let pattern = match least {
        0 => r"^\s*\+?[0-9]{1,9}(\.0+)?\s*$",
        _ => r"^\s*\+?[1-9][0-9]{0,8}(\.0+)?\s*$",
    };
    let text = string().pattern(Some(pattern));
    Member(AnyOfBuilder::new().item(number).item(text).description(Some(what)).into())
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

/// Numbers are turned into text.
fn string_or_number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Number]))
}
