//! Request bodies, from what the adapters take.
//!
//! Django's rules are generous: numbers are taken as text, and text as numbers. The schemas say
//! so, which makes them longer than their examples.

use crate::fields::{Kind, MAX_UNITS, Member, Text};
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat,
    SchemaType, Type,
};

/// The greatest price or total.
const MONEY_MAX: f64 = 99_999_999.99;
/// Something beside white space.
const NOT_BLANK: &str = r"\S";
/// Letters, digits and a few signs, in any script; white space around them does not count.
const USERNAME: &str = r"^\s*[\w.@+-]+\s*$";

/// An object with these members.
pub(super) fn object(members: &[Member]) -> Object {
    let object = ObjectBuilder::new().schema_type(Type::Object);
    let object = members.iter().fold(object, |object, member| {
        let object = object.property(member.name, schema(member));
        if member.required { object.required(member.name) } else { object }
    });
    object.build()
}

/// The same with nothing required, as PATCH takes it.
pub(super) fn part(members: &[Member]) -> Object {
    let mut object = object(members);
    object.required.clear();
    object
}

fn schema(member: &Member) -> Schema {
    let about = about(member.name);
    match member.kind {
        Kind::Text(_) if member.name == "email" => email(about),
        Kind::Text(rules) => text(member.name, rules).description(about).into(),
        Kind::Integer { min, .. } => {
            let of_something = member.name.ends_with("_id");
            whole(min.unwrap_or(i64::from(of_something)), about)
        }
        Kind::Decimal { may_be_negative } => money(may_be_negative, about),
        Kind::Boolean => truth(about),
        Kind::Instant => string().format(known(KnownFormat::DateTime)).description(about).into(),
        Kind::Choice(words) => {
            string().enum_values(Some(words.iter().copied())).description(about).into()
        }
        Kind::List(members) => {
            let list = ArrayBuilder::new().items(object(members)).min_items(Some(1));
            list.description(about).into()
        }
    }
}

/// What members of this name are for.
fn about(name: &str) -> Option<&'static str> {
    Some(match name {
        "address" => "The postal address, for the profile.",
        "category_id" => "The category.",
        "date_joined" => "When the account was made.",
        "description" => "What there is to say about it.",
        "email" => "Where mail goes.",
        "first_name" => "The given name.",
        "is_active" => "Whether it is offered for sale; a new one is when this is left out.",
        "items" => "What is ordered.",
        "last_name" => "The family name.",
        "name" => "What it is called.",
        "operation" => "What to do; `decrease` when left out.",
        "password" => "Stored as a hash and never shown.",
        "phone" => "The telephone number, for the profile.",
        "price" => "At most two decimals. Orders take the product's price, whatever this says.",
        "product_id" => "The product.",
        "quantity" => "How many.",
        "shipping_address" => "Where it goes.",
        "status" => "How far it has come.",
        "stock_quantity" => "How many can be sold.",
        "total_amount" => "Must be the total that the order has.",
        "user_id" => "The user.",
        "username" => "Unique. Letters, digits and @.+-_",
        _ => return None,
    })
}

/// Numbers are turned into text.
fn text(name: &str, rules: Text) -> ObjectBuilder {
    let pattern = match name {
        "username" if rules.trimmed => Some(USERNAME),
        _ => (!rules.may_be_blank).then_some(NOT_BLANK),
    };
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Number]))
        .max_length(rules.max_chars)
        .pattern(pattern)
}

/// An address, or nothing.
fn email(about: Option<&str>) -> Schema {
    let address = string().max_length(Some(254)).format(known(KnownFormat::Email));
    let nothing = string().max_length(Some(0));
    AnyOfBuilder::new().item(address).item(nothing).description(about).build().into()
}

/// A number that is 0 or more, also as text.
fn whole(least: i64, about: Option<&str>) -> Schema {
    let number = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(MAX_UNITS));
    let pattern = match least {
        0 => r"^\s*\+?[0-9]{1,9}(\.0+)?\s*$",
        _ => r"^\s*\+?[1-9][0-9]{0,8}(\.0+)?\s*$",
    };
    let text = string().pattern(Some(pattern));
    AnyOfBuilder::new().item(number).item(text).description(about).build().into()
}

fn money(may_be_negative: bool, about: Option<&str>) -> Schema {
    let (least, pattern) = match may_be_negative {
        false => (0.0, r"^\s*\+?[0-9]{1,8}(\.[0-9]{0,2})?\s*$"),
        true => (-MONEY_MAX, r"^\s*[+-]?[0-9]{1,8}(\.[0-9]{0,2})?\s*$"),
    };
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(least))
        .maximum(Some(MONEY_MAX))
        .multiple_of(Some(0.01));
    let text = string().pattern(Some(pattern));
    AnyOfBuilder::new().item(text).item(number).description(about).build().into()
}

/// True or false, also as 1 and 0 and as text.
fn truth(about: Option<&str>) -> Schema {
    let number = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([0, 1]));
    let text = string().pattern(Some(
        r"^\s*([tTyYfFnN10]|yes|Yes|YES|true|True|TRUE|on|On|ON|no|No|NO|false|False|FALSE|off|Off|OFF)\s*$",
    ));
    let truth = ObjectBuilder::new().schema_type(Type::Boolean);
    AnyOfBuilder::new().item(truth).item(number).item(text).description(about).build().into()
}

fn known(format: KnownFormat) -> Option<SchemaFormat> {
    Some(SchemaFormat::KnownFormat(format))
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}
