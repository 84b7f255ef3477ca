//! Types and rules of accounts. Pure: no I/O.

mod email;
mod password;
mod profile;
mod user;
mod username;

pub(crate) use email::{email, new_email};
pub(crate) use password::{Password, PasswordHash};
pub(crate) use profile::{Profile, address, phone};
pub(crate) use user::{User, date_joined, person_name};
pub(crate) use username::{new_username, username};

use commerce::text::InvalidText;

/// Why a field of an account is refused. The sentences are the documented REST interface's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidField {
    #[error(transparent)]
    Text(#[from] InvalidText),
    #[error(
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
    )]
    Username,
    #[error("Enter a valid email address.")]
    Email,
    #[error("dateJoined: the year must be from 1 to 9999 in UTC")]
    DateJoined,
}
