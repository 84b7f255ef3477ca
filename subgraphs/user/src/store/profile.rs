//! Statements about profiles.

use crate::domain::Profile;
use chassis::Db;
use chassis::db::{DbError, Select, Tx};
use chrono::{DateTime, Utc};
use commerce::{ProfileId, UserId};

const COLUMNS: &str = "profile_id, account_id, phone, address, created_at, updated_at";

pub(crate) async fn by_ids(db: &Db, ids: &[ProfileId]) -> Result<Vec<Profile>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "profile").and_in("profile_id", &ids).all(db).await
}

pub(crate) async fn of_users(db: &Db, users: &[UserId]) -> Result<Vec<Profile>, DbError> {
    let users: Vec<i64> = users.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "profile").and_in("account_id", &users).all(db).await
}

/// How a user that is not stored yet can be reached.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) phone: String,
    pub(crate) address: String,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    user: UserId,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.query(
        "insert into profile (profile_id, account_id, phone, address, created_at, updated_at)
         values ($1, $1, $2, $3, $4, $4)",
    )
    .bind(user)
    .bind(contact.phone.as_str())
    .bind(contact.address.as_str())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Changes what is given; `None` when there is no such profile.
pub(crate) async fn update(
    tx: &mut Tx,
    id: ProfileId,
    (phone, address): (Option<&str>, Option<&str>),
    now: DateTime<Utc>,
) -> Result<Option<Profile>, DbError> {
    tx.query(
        "update profile
         set phone = coalesce($2, phone), address = coalesce($3, address), updated_at = $4
         where profile_id = $1
         returning profile_id, account_id, phone, address, created_at, updated_at",
    )
    .bind(id)
    .bind(phone)
    .bind(address)
    .bind(now)
    .fetch_optional()
    .await
}
