//! Every entity and association goes through here: one statement a batch.

use crate::domain::{Profile, User};
use crate::{Error, store};
use async_graphql::dataloader::Loader;
use chassis::Db;
use commerce::{ProfileId, UserId};
use std::collections::HashMap;

/// Loads for one request.
pub(crate) struct Loaders {
    db: Db,
}

/// The profile of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ProfileOf(pub(crate) UserId);

impl Loaders {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Loader<UserId> for Loaders {
    type Value = User;
    type Error = Error;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, User>, Error> {
        let users = store::user::by_ids(&self.db, ids).await?;
        Ok(users.into_iter().map(|user| (user.id, user)).collect())
    }
}

impl Loader<ProfileId> for Loaders {
    type Value = Profile;
    type Error = Error;

    async fn load(&self, ids: &[ProfileId]) -> Result<HashMap<ProfileId, Profile>, Error> {
        let profiles = store::profile::by_ids(&self.db, ids).await?;
        Ok(profiles.into_iter().map(|profile| (profile.id, profile)).collect())
    }
}

impl Loader<ProfileOf> for Loaders {
    type Value = Profile;
    type Error = Error;

    async fn load(&self, keys: &[ProfileOf]) -> Result<HashMap<ProfileOf, Profile>, Error> {
        let users: Vec<UserId> = keys.iter().map(|ProfileOf(user)| *user).collect();
        let profiles = store::profile::of_users(&self.db, &users).await?;
        Ok(profiles.into_iter().map(|profile| (ProfileOf(profile.user_id), profile)).collect())
    }
}
