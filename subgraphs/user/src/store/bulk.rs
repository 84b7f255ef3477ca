//! Statements that write many accounts and profiles.

use crate::bulk::BulkUser;
use crate::domain::PasswordHash;
use chassis::Db;
use chassis::db::{BULK_ROWS, DbError, Tx, rows};
use commerce::UserId;
use sqlx::AssertSqlSafe;

/// Returns the ids in the order of `users`.
pub(crate) async fn insert_accounts(
    tx: &mut Tx,
    users: &[BulkUser],
    hash: &PasswordHash,
) -> Result<Vec<UserId>, DbError> {
    let mut ids: Vec<(UserId,)> = Vec::with_capacity(users.len());
    for users in users.chunks(BULK_ROWS) {
        let sql = format!(
            "insert into account
                 (username, email, first_name, last_name, password_hash, date_joined)
             values {} returning account_id",
            rows(1, users.len(), 6)
        );
        let query = users.iter().fold(tx.query(AssertSqlSafe(sql)), |query, user| {
            query
                .bind(user.username.as_str())
                .bind(user.email.as_str())
                .bind(user.first_name.as_str())
                .bind(user.last_name.as_str())
                .bind(hash.clone())
                .bind(user.joined_at)
        });
        ids.extend(query.fetch_all::<(UserId,)>().await?);
    }
    // The ids ascend with the rows, but the rows may be returned in any order.
    ids.sort_unstable();
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// `ids` are those of `users`.
pub(crate) async fn insert_profiles(
    tx: &mut Tx,
    ids: &[UserId],
    users: &[BulkUser],
) -> Result<(), DbError> {
    for (ids, users) in ids.chunks(BULK_ROWS).zip(users.chunks(BULK_ROWS)) {
        let sql = format!(
            "insert into profile (profile_id, account_id, phone, address, created_at, updated_at)
             values {}",
            rows(1, users.len(), 6)
        );
        let query =
            ids.iter().zip(users).fold(tx.query(AssertSqlSafe(sql)), |query, (id, user)| {
                query
                    .bind(*id)
                    .bind(*id)
                    .bind(user.phone.as_str())
                    .bind(user.address.as_str())
                    .bind(user.joined_at)
                    .bind(user.joined_at)
            });
        query.execute().await?;
    }
    Ok(())
}

pub(crate) async fn last_account(db: &Db) -> Result<i64, DbError> {
    let sql = "select coalesce(max(account_id), 0) from account";
    let (last,) = db.query(sql).fetch_one().await?;
    Ok(last)
}
