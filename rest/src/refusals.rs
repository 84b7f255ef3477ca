//! What the graph's mutations find wrong, in the words of the documented systems.

use crate::fields::{Faults, MAX_UNITS};
use crate::graph::{Fault, UserErrorCode};
use crate::http::Refusal;
use axum::http::StatusCode;

/// What the documented systems say about a fault: the field and code of the graph, their words.
const WORDS: [(&str, UserErrorCode, &str); 8] = [
    ("username", UserErrorCode::Taken, "A user with that username already exists."),
    // Only normalised did it become too long.
    ("username", UserErrorCode::TooLong, "Ensure this field has no more than 150 characters."),
    (
        "username",
        UserErrorCode::Invalid,
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ \
         characters.",
    ),
    ("email", UserErrorCode::Invalid, "Enter a valid email address."),
    // The first system has the model's name in it, in small letters.
    ("name", UserErrorCode::Taken, "category with this name already exists."),
    ("price", UserErrorCode::OutOfRange, "Ensure that there are no more than 10 digits in total."),
    ("shippingAddress", UserErrorCode::Blank, "This field may not be blank."),
    (
        "dateJoined",
        UserErrorCode::OutOfRange,
        "Datetime has wrong format. Use one of these formats instead: \
         YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
    ),
];

/// Everything that is wrong with a request: what was found before the graph was asked, and what the
/// graph found about the other members.
pub(crate) fn refusal<F: Into<Fault>>(
    mut faults: Faults,
    errors: impl IntoIterator<Item = F>,
) -> Refusal {
    let mut whole = None;
    for fault in errors.into_iter().map(F::into) {
        let Some(field) = fault.path.first() else {
            whole = whole.or(Some(fault));
            continue;
        };
        if field == "id" && fault.code == UserErrorCode::NotFound {
            return Refusal::Missing;
        }
        if field == "idempotencyKey" {
            return of_key(&fault);
        }
        let breaks_pattern = fault.code == UserErrorCode::Invalid;
        faults.add_found(&snake_case(field), words(field, &fault), breaks_pattern);
    }
    match whole {
        _ if !faults.is_empty() => Refusal::Invalid(faults),
        Some(fault) if fault.code == UserErrorCode::Conflict => Refusal::Busy,
        Some(fault) => Refusal::error(fault.message),
        None => Refusal::internal("A mutation answered neither a thing nor an error."),
    }
}

/// As [`refusal`], when nothing was found before.
pub(crate) fn refused<F: Into<Fault>>(errors: impl IntoIterator<Item = F>) -> Refusal {
    refusal(Faults::default(), errors)
}

/// The key of a repeated request leads to something else than what the client wants.
fn of_key(fault: &Fault) -> Refusal {
    let message = sentence(&fault.message);
    match fault.code {
        UserErrorCode::Conflict => Refusal::Running(message),
        UserErrorCode::IdempotencyConflict => {
            Refusal::Error(StatusCode::UNPROCESSABLE_ENTITY, message)
        }
        // What it made is gone: waiting does not help.
        UserErrorCode::NotFound => Refusal::Error(StatusCode::CONFLICT, message),
        _ => Refusal::error(message),
    }
}

/// The category that a product is to stand in does not exist.
pub(crate) fn unknown_category(id: impl std::fmt::Display) -> Refusal {
    let message = format!("Invalid pk \"{id}\" - object does not exist.");
    Refusal::Invalid(Faults::of("category_id", message))
}

/// More units than the graph can count.
pub(crate) fn too_many_units(member: &str) -> Refusal {
    let message = format!("Ensure this value is less than or equal to {MAX_UNITS}.");
    Refusal::Invalid(Faults::of(member, message))
}

fn words(field: &str, fault: &Fault) -> String {
    let known = WORDS.iter().find(|(name, code, _)| *name == field && *code == fault.code);
    match known {
        Some((_, _, words)) => (*words).to_owned(),
        None => sentence(&fault.message),
    }
}

/// The graph's own message, which begins with the field's name, as a sentence about a member.
pub(crate) fn sentence(message: &str) -> String {
    let text = message.split_once(": ").map_or(message, |(_, text)| text);
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}

fn snake_case(field: &str) -> String {
    let mut member = String::with_capacity(field.len() + 2);
    for letter in field.chars() {
        if letter.is_ascii_uppercase() {
            member.push('_');
        }
        member.push(letter.to_ascii_lowercase());
    }
    member
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fault(code: UserErrorCode, field: &str) -> Fault {
        Fault { code, path: vec![field.to_owned()], message: format!("{field}: as the graph says") }
    }

    #[test]
    fn what_was_found_first_is_shown_and_everything_else_beside_it() {
        let faults = Faults::of("first_name", "first");
        let errors = [
            fault(UserErrorCode::Invalid, "firstName"),
            fault(UserErrorCode::Invalid, "email"),
            fault(UserErrorCode::TooLong, "lastName"),
        ];
        let Refusal::Invalid(shown) = refusal(faults, errors) else { panic!("faults expected") };
        let expected = json!({
            "first_name": ["first"],
            "email": ["Enter a valid email address."],
            "last_name": ["As the graph says."],
        });
        assert_eq!(shown.into_json(), expected);
    }

    #[test]
    fn what_does_not_exist_is_missing_whatever_else_is_wrong() {
        let errors = [fault(UserErrorCode::Invalid, "email"), fault(UserErrorCode::NotFound, "id")];
        assert!(matches!(refused(errors), Refusal::Missing));
    }
}
