//! `Profile`.

use super::{Loaders, user::User};
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::DateTime;

/// How to reach a user. Each user has one.
pub(crate) struct Profile(pub(crate) domain::Profile);

/// How to reach a user. Each user has one.
#[Object]
impl Profile {
    /// Identifies the profile; a whole number from 1.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the profile among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("Profile", self.0.id)
    }

    /// Whom it belongs to.
    async fn user(&self, ctx: &Context<'_>) -> Result<User, Error> {
        let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
        let user = loaders.load_one(self.0.user_id).await?;
        user.map(User).ok_or(Error::Vanished(self.0.id))
    }

    /// The phone number; at most 15 characters, may be empty.
    async fn phone(&self) -> &str {
        &self.0.phone
    }

    /// The postal address; may be empty.
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// When it was made, together with its user.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}
