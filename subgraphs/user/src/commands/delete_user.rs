//! Closing an account. Orders keep the id of whoever placed them.

use super::not_found;
use crate::{Accounts, Error, store};
use chassis::graphql::Faults;
use commerce::UserId;

/// Deletes the profile too.
///
/// # Errors
/// [`Error::Refused`]: `INVALID` or `NOT_FOUND`.
pub(crate) async fn delete_user(accounts: &Accounts, id: &str) -> Result<UserId, Error> {
    let mut faults = Faults::default();
    let id: Option<UserId> = faults.check("id", id.parse());
    let id = faults.finish(|| id)?;
    let deleted: Result<bool, Error> = accounts
        .db
        .write(move |tx| Box::pin(async move { Ok(store::user::delete(tx, id).await?) }))
        .await;
    if deleted? { Ok(id) } else { Err(not_found("user", id)) }
}
