//! Opening an account, with its profile.

use super::{check, username_taken, with_taken};
use crate::domain::{self, Password, User};
use crate::store::{profile::Contact, user::NewUser};
use crate::{Accounts, Error, store};
use chassis::graphql::Faults;
use std::sync::Arc;

/// A new account as a client describes it.
pub(crate) struct CreateUser {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) phone: String,
    pub(crate) address: String,
}

/// # Errors
/// [`Error::Refused`]: `BLANK`, `TOO_LONG`, `INVALID`, or `TAKEN` for the username.
pub(crate) async fn create_user(accounts: &Accounts, input: CreateUser) -> Result<User, Error> {
    let username = domain::new_username(&input.username).ok();
    let (user, contact, password) = match checked(input) {
        Ok(checked) => checked,
        Err(refusal) => return Err(with_taken(accounts, refusal, username, None).await),
    };
    // Outside the transaction: it takes long.
    let hash = accounts.passwords.hash(password).await?;
    let new = Arc::new((user, contact, hash));
    let now = accounts.clock.now();
    accounts
        .db
        .write(move |tx| {
            let new = Arc::clone(&new);
            Box::pin(async move {
                let (user, contact, hash) = &*new;
                let inserted = store::user::insert(tx, user, hash, now).await?;
                let user = inserted.ok_or_else(username_taken)?;
                store::profile::insert(tx, user.id, contact, now).await?;
                Ok(user)
            })
        })
        .await
}

fn checked(input: CreateUser) -> Result<(NewUser, Contact, Password), Error> {
    let mut faults = Faults::default();
    let username = check(&mut faults, "username", domain::new_username(&input.username));
    let password = check(&mut faults, "password", Password::chosen(input.password));
    let email = check(&mut faults, "email", domain::new_email(&input.email));
    let first_name = check(&mut faults, "firstName", domain::person_name(&input.first_name));
    let last_name = check(&mut faults, "lastName", domain::person_name(&input.last_name));
    let phone = check(&mut faults, "phone", domain::phone(&input.phone));
    let address = check(&mut faults, "address", domain::address(&input.address));
    Ok(faults.finish(|| {
        let (username, password, email) = (username?, password?, email?);
        let (first_name, last_name) = (first_name?, last_name?);
        let contact = Contact { phone: phone?, address: address? };
        Some((NewUser { username, email, first_name, last_name }, contact, password))
    })?)
}
