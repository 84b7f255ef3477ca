//! Changing an account.

use super::{check, not_found, username_taken, with_taken};
use crate::domain::{self, User};
use crate::store::user::Changes;
use crate::{Accounts, Error, store};
use chassis::graphql::Faults;
use chrono::{DateTime, Utc};
use commerce::UserId;
use std::sync::Arc;

/// What a client wants changed; what is `None` stays.
pub(crate) struct UpdateUser {
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) date_joined: Option<DateTime<Utc>>,
}

/// # Errors
/// [`Error::Refused`]: as for opening an account, `OUT_OF_RANGE`, and `NOT_FOUND`.
pub(crate) async fn update_user(
    accounts: &Accounts,
    id: &str,
    input: UpdateUser,
) -> Result<User, Error> {
    let username = input.username.as_deref().and_then(|name| domain::username(name).ok());
    let (id, changes) = match checked(id, input) {
        Ok(checked) => checked,
        Err(refusal) => {
            return Err(with_taken(accounts, refusal, username, id.parse().ok()).await);
        }
    };
    let changes = Arc::new(changes);
    accounts
        .db
        .write(move |tx| {
            let changes = Arc::clone(&changes);
            Box::pin(async move {
                match store::user::update(tx, id, &changes).await {
                    Err(error) if error.is_unique_violation() => Err(username_taken()),
                    updated => updated?.ok_or_else(|| not_found("user", id)),
                }
            })
        })
        .await
}

/// Unlike a new name a changed one is not normalised, and a changed address keeps its case: the
/// documented REST interface answers what it was sent.
fn checked(id: &str, input: UpdateUser) -> Result<(UserId, Changes), Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    let username = input.username.as_deref().map(domain::username);
    let email = input.email.as_deref().map(domain::email);
    let first_name = input.first_name.as_deref().map(domain::person_name);
    let last_name = input.last_name.as_deref().map(domain::person_name);
    let date_joined = input.date_joined.map(domain::date_joined);
    let changes = Changes {
        username: username.and_then(|it| check(&mut faults, "username", it)),
        email: email.and_then(|it| check(&mut faults, "email", it)),
        first_name: first_name.and_then(|it| check(&mut faults, "firstName", it)),
        last_name: last_name.and_then(|it| check(&mut faults, "lastName", it)),
        date_joined: date_joined.and_then(|it| check(&mut faults, "dateJoined", it)),
    };
    Ok(faults.finish(|| id.map(|id| (id, changes)))?)
}
