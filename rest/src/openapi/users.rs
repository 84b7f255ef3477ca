//! Accounts and profiles.

use super::members::{object, part};
use super::operation::{Operation, delete, get, patch, post, put};
use crate::adapters::{profile::PROFILE_CHANGES, user};
use crate::fields::Member;
use serde_json::{Value, json};

/// The first system's routes.
pub(super) fn operations() -> Vec<Operation> {
    // Both must be there, which the adapter says in words of its own.
    let credentials = user::CREDENTIALS.iter().map(|it| Member::text(it.name).required());
    let credentials = object(&credentials.collect::<Vec<_>>());
    let mut operations = accounts(["/users/", "/users/{id}/"], |first, _| first);
    operations.extend([
        get("/profiles/{id}/", "profile", "A profile").shows(200, "Profile", profile()),
        put("/profiles/{id}/", "replaceProfile", "Replaces a profile")
            .takes(object(PROFILE_CHANGES), contact())
            .shows(200, "Profile", profile()),
        patch("/profiles/{id}/", "changeProfile", "Changes a profile")
            .takes(part(PROFILE_CHANGES), contact())
            .shows(200, "Profile", profile()),
        get("/api/user/{id}/", "userForServices", "The profile of a user, for other services")
            .shows(200, "Profile", profile())
            .refuses(404, "There is no such user.", &["Problem", "Detail"]),
        post("/api/verify/", "verify", "Whether a name and a password belong together")
            .takes(credentials, json!({"username": "john_doe", "password": "password123"}))
            .shows(200, "Verified", json!({"valid": true, "user": shown_user()}))
            .refuses(401, "They do not belong together.", &["Unverified"]),
    ]);
    operations
}

/// The second system's routes.
pub(super) fn second_operations() -> Vec<Operation> {
    accounts(["/api/users/", "/api/users/{id}/"], |_, second| second)
}

/// The same in both systems; `id` picks one of the operation's two names.
fn accounts(
    [all, one]: [&'static str; 2],
    id: fn(&'static str, &'static str) -> &'static str,
) -> Vec<Operation> {
    vec![
        get(all, id("users", "apiUsers"), "All users").lists("User", json!([shown_user()])),
        post(all, id("createUser", "apiCreateUser"), "Creates a user and its profile")
            .takes(object(user::NEW_USER), creation())
            .shows(201, "User", shown_user()),
        get(one, id("user", "apiUser"), "A user").shows(200, "User", shown_user()),
        put(one, id("replaceUser", "apiReplaceUser"), "Replaces a user")
            .describes("What is not required and left out keeps its value.")
            .takes(object(user::USER_CHANGES), change())
            .shows(200, "User", shown_user()),
        patch(one, id("changeUser", "apiChangeUser"), "Changes a user")
            .takes(part(user::USER_CHANGES), change())
            .shows(200, "User", shown_user()),
        delete(one, id("deleteUser", "apiDeleteUser"), "Deletes a user and its profile")
            .describes("Its orders stay."),
    ]
}

fn creation() -> Value {
    json!({
        "username": "ann", "password": "password123", "email": "ann@example.com",
        "first_name": "Ann", "last_name": "Lee", "phone": "5550100", "address": "Mill Lane 1",
    })
}

fn change() -> Value {
    json!({"username": "john_doe", "email": "john@example.com", "first_name": "John"})
}

fn contact() -> Value {
    json!({"phone": "1234567890", "address": "123 Main St, New York, NY"})
}

/// A user as examples show it.
fn shown_user() -> Value {
    json!({
        "id": 1, "username": "john_doe", "email": "john@example.com", "first_name": "John",
        "last_name": "Doe", "date_joined": "2026-01-31T12:34:56.123456Z",
    })
}

/// A profile as examples show it.
pub(super) fn profile() -> Value {
    json!({
        "user": shown_user(), "phone": "1234567890", "address": "123 Main St, New York, NY",
        "created_at": "2026-01-31T12:34:56.123456Z", "updated_at": "2026-01-31T12:34:56.123456Z",
    })
}
