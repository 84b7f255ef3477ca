//! Verifying a name and a password.

use crate::domain::{Password, PasswordHash, User};
use crate::passwords::Verdict;
use crate::store::user::Credentials;
use crate::{Accounts, Error, store};
use commerce::UserId;
use std::sync::Arc;

/// The user with these credentials; `None` for an unknown name and a wrong password alike.
///
/// A hash that is not as new ones are is replaced, now that the password is at hand.
pub(crate) async fn verify_credentials(
    accounts: &Accounts,
    username: &str,
    password: String,
) -> Result<Option<User>, Error> {
    let known = credentials(accounts, username).await?;
    let hash = known.as_ref().map(|known| known.password_hash.clone());
    let verdict = accounts.passwords.verify(Password::offered(password), hash).await?;
    match (known, verdict) {
        (None, _) | (_, Verdict::Wrong) => Ok(None),
        (Some(known), Verdict::Right) => Ok(Some(known.user)),
        (Some(known), Verdict::Outdated(new)) => {
            if let Err(error) = renew(accounts, known.user.id, (known.password_hash, new)).await {
                // The credentials are right all the same; the next sign-in tries again.
                tracing::warn!(user.id = %known.user.id, %error, "A hash was not renewed.");
            }
            Ok(Some(known.user))
        }
    }
}

async fn credentials(accounts: &Accounts, username: &str) -> Result<Option<Credentials>, Error> {
    // PostgreSQL takes no NUL, and nobody has one in the name.
    if username.contains('\0') {
        return Ok(None);
    }
    Ok(store::user::credentials(&accounts.db, username).await?)
}

async fn renew(
    accounts: &Accounts,
    id: UserId,
    hashes: (PasswordHash, PasswordHash),
) -> Result<(), Error> {
    let hashes = Arc::new(hashes);
    accounts
        .db
        .write(move |tx| {
            let hashes = Arc::clone(&hashes);
            Box::pin(
                async move { Ok(store::user::replace_hash(tx, id, &hashes.0, &hashes.1).await?) },
            )
        })
        .await
}
