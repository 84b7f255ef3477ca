//! Statements about accounts. The hash is read by one of them only.

use crate::domain::{PasswordHash, User};
use chassis::Db;
use chassis::db::{DbError, Order, Select, Tx};
use chassis::graphql::Page;
use chrono::{DateTime, Utc};
use commerce::UserId;

const COLUMNS: &str = "account_id, username, email, first_name, last_name, date_joined";
const BY_ID: Order = Order { columns: &["account_id"], descending: false };

pub(crate) async fn by_ids(db: &Db, ids: &[UserId]) -> Result<Vec<User>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
    Select::new(COLUMNS, "account").and_in("account_id", &ids).all(db).await
}

pub(crate) async fn page(db: &Db, page: &Page<i64>) -> Result<Vec<User>, DbError> {
    Select::new(COLUMNS, "account").page(db, BY_ID, page).await
}

pub(crate) async fn count(db: &Db) -> Result<i64, DbError> {
    Select::new(COLUMNS, "account").count(db).await
}

/// A user and what the password is verified against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Credentials {
    #[sqlx(flatten)]
    pub(crate) user: User,
    pub(crate) password_hash: PasswordHash,
}

/// `None` when nobody has exactly this name.
pub(crate) async fn credentials(db: &Db, username: &str) -> Result<Option<Credentials>, DbError> {
    db.query(
        "select account_id, username, email, first_name, last_name, date_joined, password_hash
         from account where username = $1",
    )
    .bind(username)
    .fetch_optional()
    .await
}

/// An account that is not stored yet.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// `None` when the username is taken.
pub(crate) async fn insert(
    tx: &mut Tx,
    new: &NewUser,
    hash: &PasswordHash,
    now: DateTime<Utc>,
) -> Result<Option<User>, DbError> {
    // `where not exists` keeps a refused name from using up an id; the unique rule decides races.
    tx.query(
        "insert into account (username, email, first_name, last_name, password_hash, date_joined)
         select $1, $2, $3, $4, $5, $6 where not exists (select 1 from account where username = $1)
         on conflict (username) do nothing
         returning account_id, username, email, first_name, last_name, date_joined",
    )
    .bind(new.username.as_str())
    .bind(new.email.as_str())
    .bind(new.first_name.as_str())
    .bind(new.last_name.as_str())
    .bind(hash.clone())
    .bind(now)
    .fetch_optional()
    .await
}

/// What to change about an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) date_joined: Option<DateTime<Utc>>,
}

/// `None` when there is no such user; a unique violation when the username is taken.
pub(crate) async fn update(
    tx: &mut Tx,
    id: UserId,
    changes: &Changes,
) -> Result<Option<User>, DbError> {
    tx.query(
        "update account
         set username = coalesce($2, username), email = coalesce($3, email),
             first_name = coalesce($4, first_name), last_name = coalesce($5, last_name),
             date_joined = coalesce($6, date_joined)
         where account_id = $1
         returning account_id, username, email, first_name, last_name, date_joined",
    )
    .bind(id)
    .bind(changes.username.as_deref())
    .bind(changes.email.as_deref())
    .bind(changes.first_name.as_deref())
    .bind(changes.last_name.as_deref())
    .bind(changes.date_joined)
    .fetch_optional()
    .await
}

/// Replaces the hash if it is still `old`.
pub(crate) async fn replace_hash(
    tx: &mut Tx,
    id: UserId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> Result<(), DbError> {
    tx.query("update account set password_hash = $3 where account_id = $1 and password_hash = $2")
        .bind(id)
        .bind(old.clone())
        .bind(new.clone())
        .execute()
        .await?;
    Ok(())
}

/// Deletes the account and, through its foreign key, its profile; `false` when there is none.
pub(crate) async fn delete(tx: &mut Tx, id: UserId) -> Result<bool, DbError> {
    let deleted = tx.query("delete from account where account_id = $1").bind(id).execute().await?;
    Ok(deleted == 1)
}
