//! What mutations answer: the thing, or why not.

use super::profile::Profile;
use super::user::User;
use async_graphql::{ID, SimpleObject};
use chassis::graphql::UserError;

/// What `createUser` did.
#[derive(SimpleObject)]
pub(crate) struct CreateUserPayload {
    /// The new user; null when there are user errors.
    pub(crate) user: Option<User>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `updateUser` did.
#[derive(SimpleObject)]
pub(crate) struct UpdateUserPayload {
    /// The user as it is now; null when there are user errors.
    pub(crate) user: Option<User>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `updateProfile` did.
#[derive(SimpleObject)]
pub(crate) struct UpdateProfilePayload {
    /// The profile as it is now; null when there are user errors.
    pub(crate) profile: Option<Profile>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `deleteUser` did.
#[derive(SimpleObject)]
pub(crate) struct DeleteUserPayload {
    /// The id that is gone; null when there are user errors.
    pub(crate) deleted_user_id: Option<ID>,
    /// The `nodeId` of the deleted user, or null if there are user errors. For Relay's
    /// `@deleteEdge` and `@deleteRecord`.
    pub(crate) deleted_node_id: Option<ID>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `verifyCredentials` found.
#[derive(SimpleObject)]
pub(crate) struct VerifyCredentialsPayload {
    /// There is such a user, with this password.
    pub(crate) valid: bool,
    /// The user with these credentials; null when they are wrong.
    pub(crate) user: Option<User>,
}
