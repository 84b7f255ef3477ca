//! The users.

use super::progress::Progress;
use super::words::{FIRST_NAMES, LAST_NAMES, address, pick};
use super::{BATCH, Plan, moment};
use anyhow::Context;
use chassis::Db;
use commerce::UserId;
use user::bulk::{BulkUser, add_users, last_user};

/// Draws what the users are.
const PURPOSE: u64 = 1;
/// Rows of one user: account and profile.
const ROWS: usize = 2;

/// The users that were added.
pub(super) struct Customers {
    pub(super) ids: Vec<UserId>,
    /// The highest id before.
    pub(super) before: i64,
}

pub(super) async fn add(db: &Db, plan: &Plan, progress: &Progress) -> anyhow::Result<Customers> {
    let before = last_user(db).await.context("the users cannot be counted")?;
    let mut random = plan.random(PURPOSE);
    let mut ids = Vec::with_capacity(plan.users);
    while ids.len() < plan.users {
        let next = ids.len()..plan.users.min(ids.len() + BATCH);
        let users: Vec<BulkUser> =
            next.map(|index| user(&mut random, index, plan.users, before)).collect();
        let written = users.len();
        ids.extend(add_users(db, users).await.context("users cannot be added")?);
        progress.wrote(written, written * ROWS);
    }
    Ok(Customers { ids, before })
}

/// Usernames go on where the last user's id ended, so that a second run adds others.
fn user(random: &mut fastrand::Rng, index: usize, total: usize, before: i64) -> BulkUser {
    let number = super::as_wide(index) + i128::from(before) + 1;
    BulkUser {
        username: format!("sample-user-{number}"),
        email: format!("sample-user-{number}@example.com"),
        first_name: pick(random, &FIRST_NAMES).to_owned(),
        last_name: pick(random, &LAST_NAMES).to_owned(),
        phone: format!("+1555{:07}", random.u32(..10_000_000)),
        address: address(random),
        joined_at: moment(index, total),
    }
}
