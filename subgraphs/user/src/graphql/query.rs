//! What can be read.

use super::Loaders;
use super::profile::Profile;
use super::user::{User, UserConnection};
use crate::{Accounts, Error, domain, store};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use chassis::graphql::{Page, PageArgs};
use commerce::{ProfileId, UserId};

pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The signed-in user; null when the request carries no token. Nobody can sign in yet, so it is
    /// always null.
    async fn me(&self) -> Option<User> {
        None
    }

    /// The user with this id; null when there is none.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user's id.")] id: ID,
    ) -> Option<Result<User, Error>> {
        match id.parse() {
            Ok(id) => user(ctx, id).await,
            Err(error) => Some(Err(Error::InvalidId(error))),
        }
    }

    /// The users, by id.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start: 1 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes in front of this cursor.")] before: Option<String>,
    ) -> Result<UserConnection, Error> {
        let page = Page::new("users", &PageArgs { first, after, last, before })?;
        let db = &ctx.data_unchecked::<Accounts>().db;
        let rows = store::user::page(db, &page).await?;
        let slice = page.slice(rows, |user: &domain::User| i64::from(user.id));
        Ok(UserConnection::new(
            slice,
            User,
            Box::new(|ctx| {
                Box::pin(async move {
                    let db = &ctx.data_unchecked::<Accounts>().db;
                    Ok(store::user::count(db).await?)
                })
            }),
        ))
    }

    /// The profile with this id (a profile has an id of its own); null when there is none.
    async fn profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile's id.")] id: ID,
    ) -> Option<Result<Profile, Error>> {
        match id.parse() {
            Ok(id) => profile(ctx, id).await,
            Err(error) => Some(Err(Error::InvalidId(error))),
        }
    }

    // In an entity an id that is none names nothing: a bad reference must not harm its neighbours.

    #[graphql(entity)]
    async fn user_entity(&self, ctx: &Context<'_>, id: ID) -> Option<Result<User, Error>> {
        user(ctx, id.parse().ok()?).await
    }

    #[graphql(entity)]
    async fn profile_entity(&self, ctx: &Context<'_>, id: ID) -> Option<Result<Profile, Error>> {
        profile(ctx, id.parse().ok()?).await
    }
}

async fn user(ctx: &Context<'_>, id: UserId) -> Option<Result<User, Error>> {
    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
    loaders.load_one(id).await.map(|found| found.map(User)).transpose()
}

async fn profile(ctx: &Context<'_>, id: ProfileId) -> Option<Result<Profile, Error>> {
    let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
    loaders.load_one(id).await.map(|found| found.map(Profile)).transpose()
}
