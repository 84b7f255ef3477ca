//! What can be changed.

use super::payloads::{
    CreateUserPayload, DeleteUserPayload, UpdateProfilePayload, UpdateUserPayload,
    VerifyCredentialsPayload,
};
use super::profile::Profile;
use super::user::User;
use crate::commands::{self, CreateUser, UpdateUser};
use crate::{Accounts, Error};
use async_graphql::{Context, ID, InputObject, Object};
use chassis::graphql::{DateTime, node_id, refused};

/// A new account.
#[derive(InputObject)]
pub(crate) struct CreateUserInput {
    /// What the user signs in with: 1 to 150 letters and digits of any script, and `@.+-_`; unique.
    /// It is normalised to NFKC.
    username: String,
    /// The password, 1 to 128 characters, kept as typed. It is stored as a hash and never answered.
    password: String,
    /// Where mail goes; at most 254 characters. The domain goes to lower case.
    #[graphql(default_with = "Some(String::new())")]
    email: Option<String>,
    /// The given name; at most 150 characters.
    #[graphql(default_with = "Some(String::new())")]
    first_name: Option<String>,
    /// The family name; at most 150 characters.
    #[graphql(default_with = "Some(String::new())")]
    last_name: Option<String>,
    /// The phone number, for the profile; at most 15 characters.
    #[graphql(default_with = "Some(String::new())")]
    phone: Option<String>,
    /// The postal address, for the profile.
    #[graphql(default_with = "Some(String::new())")]
    address: Option<String>,
}

/// What to change about a user; fields left out stay as they are.
#[derive(InputObject)]
pub(crate) struct UpdateUserInput {
    /// What the user signs in with: 1 to 150 letters and digits of any script, and `@.+-_`; unique.
    username: Option<String>,
    /// Where mail goes; at most 254 characters, kept as written.
    email: Option<String>,
    /// The given name; at most 150 characters.
    first_name: Option<String>,
    /// The family name; at most 150 characters.
    last_name: Option<String>,
    /// When the account was opened; the documented REST interface lets a client set it.
    date_joined: Option<DateTime>,
}

/// What to change about a profile; fields left out stay as they are.
#[derive(InputObject)]
pub(crate) struct UpdateProfileInput {
    /// The phone number; at most 15 characters, may be empty.
    phone: Option<String>,
    /// The postal address; may be empty.
    address: Option<String>,
}

pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Opens an account, with a profile.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: CreateUserInput,
    ) -> Result<CreateUserPayload, Error> {
        let input = CreateUser {
            username: input.username,
            password: input.password,
            email: input.email.unwrap_or_default(),
            first_name: input.first_name.unwrap_or_default(),
            last_name: input.last_name.unwrap_or_default(),
            phone: input.phone.unwrap_or_default(),
            address: input.address.unwrap_or_default(),
        };
        let (user, user_errors) = refused(commands::create_user(accounts(ctx), input).await)?;
        Ok(CreateUserPayload { user: user.map(User), user_errors })
    }

    /// Changes a user. Fields left out stay as they are.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateUserInput,
    ) -> Result<UpdateUserPayload, Error> {
        let input = UpdateUser {
            username: input.username,
            email: input.email,
            first_name: input.first_name,
            last_name: input.last_name,
            date_joined: input.date_joined.map(|at| at.0),
        };
        let (user, user_errors) = refused(commands::update_user(accounts(ctx), &id, input).await)?;
        Ok(UpdateUserPayload { user: user.map(User), user_errors })
    }

    /// Changes a profile. Fields left out stay as they are.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload, Error> {
        let (phone, address) = (input.phone.as_deref(), input.address.as_deref());
        let updated = commands::update_profile(accounts(ctx), &id, phone, address).await;
        let (profile, user_errors) = refused(updated)?;
        Ok(UpdateProfilePayload { profile: profile.map(Profile), user_errors })
    }

    /// Closes an account and deletes its profile. Orders stay.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user's id.")] id: ID,
    ) -> Result<DeleteUserPayload, Error> {
        let (deleted, user_errors) = refused(commands::delete_user(accounts(ctx), &id).await)?;
        let deleted_node_id = deleted.map(|id| node_id("User", id));
        let deleted_user_id = deleted.map(|id| ID(id.to_string()));
        Ok(DeleteUserPayload { deleted_user_id, deleted_node_id, user_errors })
    }

    /// Whether these credentials are right; signs nobody in.
    async fn verify_credentials(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The username, exactly as it is stored.")] username: String,
        #[graphql(desc = "The password, exactly as it was chosen.")] password: String,
    ) -> Result<VerifyCredentialsPayload, Error> {
        let user = commands::verify_credentials(accounts(ctx), &username, password).await?;
        Ok(VerifyCredentialsPayload { valid: user.is_some(), user: user.map(User) })
    }
}

fn accounts<'c>(ctx: &Context<'c>) -> &'c Accounts {
    ctx.data_unchecked::<Accounts>()
}
