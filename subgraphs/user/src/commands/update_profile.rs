//! Changing how a user can be reached.

use super::{check, not_found};
use crate::domain::{self, Profile};
use crate::{Accounts, Error, store};
use chassis::graphql::Faults;
use std::sync::Arc;

/// Changes what is given; the time of the change moves in any case.
///
/// # Errors
/// [`Error::Refused`]: `TOO_LONG`, `INVALID` or `NOT_FOUND`.
pub(crate) async fn update_profile(
    accounts: &Accounts,
    id: &str,
    phone: Option<&str>,
    address: Option<&str>,
) -> Result<Profile, Error> {
    let mut faults = Faults::default();
    let id = faults.check("id", id.parse());
    let phone = phone.map(domain::phone).and_then(|it| check(&mut faults, "phone", it));
    let address = address.map(domain::address).and_then(|it| check(&mut faults, "address", it));
    let changes = Arc::new(faults.finish(|| id.map(|id| (id, phone, address)))?);

    let now = accounts.clock.now();
    accounts
        .db
        .write(move |tx| {
            let changes = Arc::clone(&changes);
            Box::pin(async move {
                let (id, phone, address) = &*changes;
                let changes = (phone.as_deref(), address.as_deref());
                let updated = store::profile::update(tx, *id, changes, now).await?;
                updated.ok_or_else(|| not_found("profile", id))
            })
        })
        .await
}
