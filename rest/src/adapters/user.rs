//! `/users/`, `/api/users/` and `/api/verify/`.

use super::page;
use crate::fields::{LONG_TEXT, Member, Pattern};
use crate::graph::op;
use crate::http::{Call, Page, Refusal, Reply, gone, json, list};
use crate::refusals::{refusal, refused};
use crate::shapes::{User, Verified};
use axum::http::StatusCode;
use serde_json::{Value, json as value};

/// A blank phone or address is refused here, and taken when the profile is changed: the first
/// system's two serializers differ. A password keeps its ends, which that system cut off: what was
/// typed can then be verified.
pub(crate) static NEW_USER: &[Member] = &[
    Member::text("username").max(150).like(Pattern::Username).required(),
    Member::text("password").max(128).as_typed().required(),
    Member::text("email").max(254).like(Pattern::Email).or_blank(),
    Member::text("first_name").max(150).or_blank(),
    Member::text("last_name").max(150).or_blank(),
    Member::text("phone").max(15),
    Member::text("address").max(LONG_TEXT),
];

/// The first system lets a client say when somebody joined.
pub(crate) static USER_CHANGES: &[Member] = &[
    Member::text("username").max(150).like(Pattern::Username).required(),
    Member::text("email").max(254).like(Pattern::Email).or_blank(),
    Member::text("first_name").max(150).or_blank(),
    Member::text("last_name").max(150).or_blank(),
    Member::instant("date_joined"),
];

pub(crate) static CREDENTIALS: &[Member] = &[
    Member::text("username").as_typed().or_blank(),
    Member::text("password").as_typed().or_blank(),
];

pub(crate) async fn list_users(call: Call) -> Reply {
    let graph = call.graph;
    list(move |after| {
        let graph = graph.clone();
        async move {
            let users = graph.ask::<op::Users>(op::users::Variables { after }).await?;
            let page: Page<User> = page!(users.page);
            Ok(page)
        }
    })
    .await
}

pub(crate) async fn create_user(call: Call) -> Reply {
    let mut user = call.payload.members().await?.check(NEW_USER, false);
    let input = op::create_user::CreateUserInput {
        username: user.text("username").unwrap_or_default(),
        password: user.text("password").unwrap_or_default(),
        email: user.text("email"),
        first_name: user.text("first_name"),
        last_name: user.text("last_name"),
        phone: user.text("phone"),
        address: user.text("address"),
    };
    let variables = op::create_user::Variables { input };
    let payload = call.graph.ask::<op::CreateUser>(variables).await?.payload;
    match payload.user {
        Some(user) => json(StatusCode::CREATED, &User::from(user)),
        None => Err(refusal(user.faults, payload.user_errors)),
    }
}

pub(crate) async fn show_user(call: Call) -> Reply {
    json(StatusCode::OK, &user(&call).await?)
}

async fn user(call: &Call) -> Result<User, Refusal> {
    let data = call.graph.ask::<op::User>(op::user::Variables { id: call.id() }).await?;
    data.user.map(User::from).ok_or(Refusal::Missing)
}

pub(crate) async fn update_user(call: Call) -> Reply {
    // An unknown id is reported before anything that is wrong with the body.
    user(&call).await?;
    let id = call.id();
    let mut changes = call.payload.members().await?.check(USER_CHANGES, call.partial);
    let input = op::update_user::UpdateUserInput {
        username: changes.text("username"),
        email: changes.text("email"),
        first_name: changes.text("first_name"),
        last_name: changes.text("last_name"),
        date_joined: changes.instant("date_joined"),
    };
    let variables = op::update_user::Variables { id, input };
    let payload = call.graph.ask::<op::UpdateUser>(variables).await?.payload;
    match payload.user {
        Some(user) => json(StatusCode::OK, &User::from(user)),
        None => Err(refusal(changes.faults, payload.user_errors)),
    }
}

pub(crate) async fn delete_user(call: Call) -> Reply {
    let variables = op::delete_user::Variables { id: call.id() };
    let payload = call.graph.ask::<op::DeleteUser>(variables).await?.payload;
    if payload.user_errors.is_empty() { gone() } else { Err(refused(payload.user_errors)) }
}

/// What the first system's Python takes for nothing counts as left out.
pub(crate) async fn verify(call: Call) -> Reply {
    let body = call.payload.members().await?;
    if is_nothing(body.raw("username")) || is_nothing(body.raw("password")) {
        return Err(Refusal::error("Username and password required"));
    }
    let mut credentials = body.check(CREDENTIALS, false);
    let username = credentials.text("username").unwrap_or_default();
    let password = credentials.text("password").unwrap_or_default();
    // Lists, objects and texts that cannot be stored are nobody's credentials.
    if credentials.faults.is_empty() {
        let variables = op::verify_credentials::Variables { username, password };
        let payload = call.graph.ask::<op::VerifyCredentials>(variables).await?.payload;
        if let Some(user) = payload.user {
            return json(StatusCode::OK, &Verified { valid: true, user: user.into() });
        }
    }
    let body = value!({ "valid": false, "error": "Invalid credentials" });
    Err(Refusal::Other(StatusCode::UNAUTHORIZED, body))
}

fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Bool(value)) => !value,
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(values)) => values.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
    }
}
