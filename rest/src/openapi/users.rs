//! Accounts and profiles.

use super::members::{Members, any_long_text, any_text, email, long_text, text, text_like, time};
use super::operation::{Operation, delete, get, patch, post, put};
use serde_json::{Value, json};

/// Letters, digits and a few signs, in any script.
const USERNAME: &str = r"^\s*[\w.@+-]+\s*$";

/// The first system's routes.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = accounts(["/users/", "/users/{id}/"], |first, _| first);
    operations.extend([
        get("/profiles/{id}/", "profile", "A profile").shows(200, "Profile", profile()),
        put("/profiles/{id}/", "replaceProfile", "Replaces a profile")
            .takes(changed_profile().build(), contact())
            .shows(200, "Profile", profile()),
        patch("/profiles/{id}/", "changeProfile", "Changes a profile")
            .takes(changed_profile().build(), contact())
            .shows(200, "Profile", profile()),
        get("/api/user/{id}/", "userForServices", "The profile of a user, for other services")
            .shows(200, "Profile", profile())
            .refuses(404, "There is no such user.", &["Problem"]),
        post("/api/verify/", "verify", "Whether a name and a password belong together")
            .takes(
                Members::of("What somebody typed.")
                    .must("username", text(150, "The user's name."))
                    .must("password", text(128, "The user's password."))
                    .build(),
                json!({"username": "john_doe", "password": "password123"}),
            )
            .shows(200, "Verified", json!({"valid": true, "user": user()}))
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
        get(all, id("users", "apiUsers"), "All users").lists("User", json!([user()])),
        post(all, id("createUser", "apiCreateUser"), "Creates a user and its profile")
            .takes(new_user().build(), creation())
            .shows(201, "User", user()),
        get(one, id("user", "apiUser"), "A user").shows(200, "User", user()),
        put(one, id("replaceUser", "apiReplaceUser"), "Replaces a user")
            .describes("What is not required and left out keeps its value.")
            .takes(changed_user().build(), change())
            .shows(200, "User", user()),
        patch(one, id("changeUser", "apiChangeUser"), "Changes a user")
            .takes(changed_user().optional(), change())
            .shows(200, "User", user()),
        delete(one, id("deleteUser", "apiDeleteUser"), "Deletes a user and its profile")
            .describes("Its orders stay."),
    ]
}

fn new_user() -> Members {
    Members::of("A new user.")
        .must("username", text_like(USERNAME, 150, "Unique. Letters, digits and @.+-_"))
        .must("password", text(128, "Stored as a hash and never shown."))
        .may("email", email("Where mail goes; may be blank."))
        .may("first_name", any_text(150, "The given name."))
        .may("last_name", any_text(150, "The family name."))
        .may("phone", text(15, "For the profile."))
        .may("address", long_text("For the profile."))
}

fn changed_user() -> Members {
    Members::of("A user's new values.")
        .must("username", text_like(USERNAME, 150, "Unique. Letters, digits and @.+-_"))
        .may("email", email("Where mail goes; may be blank."))
        .may("first_name", any_text(150, "The given name."))
        .may("last_name", any_text(150, "The family name."))
        .may("date_joined", time("When the account was made."))
}

fn changed_profile() -> Members {
    Members::of("A profile's new values.")
        .may("phone", any_text(15, "May be blank."))
        .may("address", any_long_text("May be blank."))
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
pub(super) fn user() -> Value {
    json!({
        "id": 1, "username": "john_doe", "email": "john@example.com", "first_name": "John",
        "last_name": "Doe", "date_joined": "2026-01-31T12:34:56.123456Z",
    })
}

/// A profile as examples show it.
pub(super) fn profile() -> Value {
    json!({
        "user": user(), "phone": "1234567890", "address": "123 Main St, New York, NY",
        "created_at": "2026-01-31T12:34:56.123456Z", "updated_at": "2026-01-31T12:34:56.123456Z",
    })
}
