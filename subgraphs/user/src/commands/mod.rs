//! The write use cases, one file each. A command owns its transaction.

mod create_user;
mod delete_user;
mod update_profile;
mod update_user;
mod verify_credentials;

pub(crate) use create_user::{CreateUser, create_user};
pub(crate) use delete_user::delete_user;
pub(crate) use update_profile::update_profile;
pub(crate) use update_user::{UpdateUser, update_user};
pub(crate) use verify_credentials::verify_credentials;

use crate::domain::InvalidField;
use crate::{Accounts, Error, store};
use chassis::graphql::{Faults, UserError, UserErrorCode};
use commerce::UserId;
use std::fmt::Display;

/// The value, or a fault noted at `path`.
fn check<T>(faults: &mut Faults, path: &str, value: Result<T, InvalidField>) -> Option<T> {
    let fault = match value {
        Ok(value) => return Some(value),
        Err(InvalidField::Text(fault)) => return faults.check(path, Err(fault)),
        Err(fault) => fault,
    };
    let code = match fault {
        InvalidField::DateJoined => UserErrorCode::OutOfRange,
        InvalidField::Username | InvalidField::Email | InvalidField::Text(_) => {
            UserErrorCode::Invalid
        }
    };
    faults.add(code, path, fault.to_string());
    None
}

fn not_found(what: &str, id: impl Display) -> Error {
    let message = format!("{what} {id} does not exist");
    Error::Refused(vec![UserError::at(UserErrorCode::NotFound, "id", message)])
}

fn username_taken() -> Error {
    Error::Refused(vec![name_is_taken()])
}

fn name_is_taken() -> UserError {
    let message = "A user with that username already exists.";
    UserError::at(UserErrorCode::Taken, "username", message)
}

/// The refusal of an input, and beside its faults that the username is another's: a client learns
/// all of it at once.
async fn with_taken(
    accounts: &Accounts,
    refusal: Error,
    username: Option<String>,
    own: Option<UserId>,
) -> Error {
    let (Error::Refused(mut errors), Some(username)) = (refusal.clone(), username) else {
        return refusal;
    };
    match store::user::credentials(&accounts.db, &username).await {
        Ok(Some(known)) if own != Some(known.user.id) => {
            errors.push(name_is_taken());
            Error::Refused(errors)
        }
        Ok(_) => refusal,
        Err(error) => error.into(),
    }
}
