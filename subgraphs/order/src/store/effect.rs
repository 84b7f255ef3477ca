//! Statements about effects: what the inventory has yet to be told.

use crate::domain::EffectKind;
use chassis::Db;
use chassis::db::{DbError, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An effect as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Effect {
    #[sqlx(rename = "effect_id")]
    pub(crate) id: i64,
    pub(crate) reservation_id: Uuid,
    pub(crate) kind: EffectKind,
    pub(crate) attempts: i64,
}

pub(crate) async fn append(
    tx: &mut Tx,
    reservation: Uuid,
    kind: EffectKind,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.query(
        "insert into effect (reservation_id, kind, attempts, due_at, created_at)
         values ($1, $2, 0, $3, $3)",
    )
    .bind(reservation)
    .bind(kind)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// The first effect of this reservation that is still to be told.
pub(crate) async fn first_of(db: &Db, reservation: Uuid) -> Result<Option<Effect>, DbError> {
    db.query(
        "select effect_id, reservation_id, kind, attempts from effect
         where reservation_id = $1 order by effect_id limit 1",
    )
    .bind(reservation)
    .fetch_optional()
    .await
}

/// Effects that are due, the first of each reservation only, at most `limit`. One that is due after
/// `latest` was put off by a clock that has been set back since, and is due as well.
pub(crate) async fn due(
    db: &Db,
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Effect>, DbError> {
    db.query(
        "select effect_id, reservation_id, kind, attempts from effect
         where (due_at <= $1 or due_at > $2) and not exists (
             select 1 from effect as earlier
             where earlier.reservation_id = effect.reservation_id
               and earlier.effect_id < effect.effect_id)
         order by due_at limit $3",
    )
    .bind(now)
    .bind(latest)
    .bind(limit)
    .fetch_all()
    .await
}

pub(crate) async fn delete(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    tx.query("delete from effect where effect_id = $1").bind(id).execute().await?;
    Ok(())
}

pub(crate) async fn postpone(tx: &mut Tx, id: i64, due_at: DateTime<Utc>) -> Result<(), DbError> {
    tx.query("update effect set attempts = attempts + 1, due_at = $2 where effect_id = $1")
        .bind(id)
        .bind(due_at)
        .execute()
        .await?;
    Ok(())
}
