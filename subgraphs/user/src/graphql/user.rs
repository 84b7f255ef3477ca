//! `User` and its connection.

use super::Loaders;
use super::loaders::ProfileOf;
use super::profile::Profile;
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::DateTime;

/// Somebody with an account.
pub(crate) struct User(pub(crate) domain::User);

/// Somebody with an account.
#[Object]
impl User {
    /// Identifies the user; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the user among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("User", self.0.id)
    }

    /// What the user signs in with; at most 150 characters, unique.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// Where mail goes; may be empty, not unique.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// The given name; may be empty.
    async fn first_name(&self) -> &str {
        &self.0.first_name
    }

    /// The family name; may be empty.
    async fn last_name(&self) -> &str {
        &self.0.last_name
    }

    /// When the account was opened.
    async fn date_joined(&self) -> DateTime {
        self.0.date_joined.into()
    }

    /// How to reach the user.
    async fn profile(&self, ctx: &Context<'_>) -> Option<Result<Profile, Error>> {
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let profile = loaders.load_one(ProfileOf(self.0.id)).await;
        profile.map(|found| found.map(Profile)).transpose()
    }
}

chassis::connection!(UserConnection, UserEdge, User, Error, "users");
