//! Statements about attempts to place an order.

use crate::domain::{Placement, PlacementStatus};
use chassis::Db;
use chassis::db::{DbError, Tx};
use chrono::{DateTime, Utc};
use commerce::UserId;
use uuid::Uuid;

/// An attempt that is about to begin.
#[derive(Clone, Debug)]
pub(crate) struct NewPlacement {
    pub(crate) reservation_id: Uuid,
    pub(crate) user_id: UserId,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) request_hash: String,
    pub(crate) instance_id: Uuid,
    pub(crate) attended_until: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
}

/// The living attempt with this key, if there is one.
pub(crate) async fn by_key(db: &Db, user: UserId, key: &str) -> Result<Option<Placement>, DbError> {
    db.query(
        "select reservation_id, request_hash, status from placement
         where user_id = $1 and idempotency_key = $2 and status <> 'aborted'",
    )
    .bind(user)
    .bind(key)
    .fetch_optional()
    .await
}

/// `false` when a living attempt has the key already.
pub(crate) async fn insert(tx: &mut Tx, new: &NewPlacement) -> Result<bool, DbError> {
    let inserted = tx
        .query(
            "insert into placement (reservation_id, user_id, idempotency_key, request_hash,
                                    status, instance_id, attended_until, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict do nothing",
        )
        .bind(new.reservation_id)
        .bind(new.user_id)
        .bind(new.idempotency_key.as_deref())
        .bind(new.request_hash.as_str())
        .bind(PlacementStatus::Started)
        .bind(new.instance_id)
        .bind(new.attended_until)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Ends a started attempt; `false` when it has ended already.
pub(crate) async fn end(
    tx: &mut Tx,
    reservation: Uuid,
    end: PlacementStatus,
) -> Result<bool, DbError> {
    let ended = tx
        .query("update placement set status = $2 where reservation_id = $1 and status = 'started'")
        .bind(reservation)
        .bind(end)
        .execute()
        .await?;
    Ok(ended == 1)
}

/// Attempts that nobody works on any more: past their time or, where `instance` is the only
/// process, begun by one that is gone. A time after `latest` is of a clock that has been set back
/// since, and over as well. At most `limit` of them.
pub(crate) async fn abandoned(
    db: &Db,
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
    only_instance: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Uuid,)>, DbError> {
    db.query(
        "select reservation_id from placement
         where status = 'started'
           and (attended_until < $1 or attended_until > $2 or instance_id <> $3)
         order by attended_until limit $4",
    )
    .bind(now)
    .bind(latest)
    // Compared with null, `<>` is never true.
    .bind(only_instance)
    .bind(limit)
    .fetch_all()
    .await
}

/// Forgets the keys, not the attempts, of at most `limit` of the oldest attempts that began before
/// `before` and ended; answers how many.
pub(crate) async fn forget_keys(
    tx: &mut Tx,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbError> {
    tx.query(
        "update placement set idempotency_key = null
         where idempotency_key is not null and reservation_id in (
             select reservation_id from placement
             where idempotency_key is not null and status <> 'started' and created_at < $1
             order by created_at limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}

/// Deletes at most `limit` of the oldest attempts that began before `before` and came to nothing
/// of which the inventory need not be told any more; answers how many.
pub(crate) async fn delete_aborted(
    tx: &mut Tx,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbError> {
    tx.query(
        "delete from placement
         where status = 'aborted' and reservation_id in (
             select reservation_id from placement
             where status = 'aborted' and created_at < $1 and not exists (
                 select 1 from effect where effect.reservation_id = placement.reservation_id)
             order by created_at limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
