//! `/profiles/{id}/` and `/api/user/{id}/`.

use crate::fields::{LONG_TEXT, Member};
use crate::graph::op;
use crate::http::{Call, Refusal, Reply, json};
use crate::refusals::refusal;
use crate::shapes::Profile;
use axum::http::StatusCode;

pub(crate) static PROFILE_CHANGES: &[Member] =
    &[Member::text("phone").max(15).or_blank(), Member::text("address").max(LONG_TEXT).or_blank()];

pub(crate) async fn show_profile(call: Call) -> Reply {
    json(StatusCode::OK, &profile(&call).await?)
}

async fn profile(call: &Call) -> Result<Profile, Refusal> {
    let data = call.graph.ask::<op::Profile>(op::profile::Variables { id: call.id() }).await?;
    data.profile.map(Profile::from).ok_or(Refusal::Missing)
}

pub(crate) async fn update_profile(call: Call) -> Reply {
    profile(&call).await?;
    let id = call.id();
    let mut changes = call.payload.members().await?.check(PROFILE_CHANGES, call.partial);
    let input = op::update_profile::UpdateProfileInput {
        phone: changes.text("phone"),
        address: changes.text("address"),
    };
    let variables = op::update_profile::Variables { id, input };
    let payload = call.graph.ask::<op::UpdateProfile>(variables).await?.payload;
    match payload.profile {
        Some(profile) => json(StatusCode::OK, &Profile::from(profile)),
        None => Err(refusal(changes.faults, payload.user_errors)),
    }
}

/// The first system's way for its other services to ask about a user.
pub(crate) async fn show_user_profile(call: Call) -> Reply {
    let variables = op::user_profile::Variables { id: call.id() };
    let user = call.graph.ask::<op::UserProfile>(variables).await?.user;
    let profile = user.and_then(|user| user.profile).ok_or(Refusal::Missing)?;
    json(StatusCode::OK, &Profile::from(profile))
}
