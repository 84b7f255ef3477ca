//! Adds many users at once, for `agora sample-data`. The input is not validated.

use crate::domain::PasswordHash;
use crate::{Error, store};
use chassis::Db;
use chrono::{DateTime, Utc};
use commerce::UserId;
use std::sync::Arc;

/// The stored hash of users that cannot sign in: no password matches it.
const NO_PASSWORD: &str = "!";

/// A user with a profile. No password matches.
#[derive(Clone, Debug)]
pub struct BulkUser {
    /// Must be unique.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The profile's telephone number.
    pub phone: String,
    /// The profile's address.
    pub address: String,
    /// When the user joined.
    pub joined_at: DateTime<Utc>,
}

/// Adds the users in one transaction; returns their ids in the order of `users`.
///
/// # Errors
/// When the database fails; a unique violation when a username is taken.
pub async fn add_users(db: &Db, users: Vec<BulkUser>) -> Result<Vec<UserId>, Error> {
    let users: Arc<[BulkUser]> = users.into();
    db.write(move |tx| {
        let users = Arc::clone(&users);
        Box::pin(async move {
            let hash = PasswordHash::new(NO_PASSWORD.to_owned());
            let ids = store::bulk::insert_accounts(tx, &users, &hash).await?;
            store::bulk::insert_profiles(tx, &ids, &users).await?;
            Ok(ids)
        })
    })
    .await
}

/// The highest id of a user; 0 if there are none.
///
/// # Errors
/// When the database fails.
pub async fn last_user(db: &Db) -> Result<i64, Error> {
    Ok(store::bulk::last_account(db).await?)
}
