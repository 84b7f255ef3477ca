//! Attempts of a process that is gone, and what became of them.

use crate::shop::{Shop, data};
use chassis::DbError;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

impl Shop {
    /// An attempt that another process has begun.
    pub(crate) async fn leave_attempt(&self, attended_until: DateTime<Utc>) -> Uuid {
        let reservation = Uuid::now_v7();
        let written: Result<u64, DbError> = self.databases[3]
            .write(move |tx| {
                Box::pin(async move {
                    tx.query(
                        "insert into placement (reservation_id, user_id, request_hash, status,
                                                instance_id, attended_until, created_at)
                         values ($1, 1, 'x', 'started', $2, $3, $3)",
                    )
                    .bind(reservation)
                    .bind(Uuid::now_v7())
                    .bind(attended_until)
                    .execute()
                    .await
                })
            })
            .await;
        written.unwrap();
        reservation
    }

    /// Promises so many units of product 1 to it.
    pub(crate) async fn reserve(&self, reservation: Uuid, units: i64) {
        let reserve = "mutation ($input: ReserveStockInput!) {
            reserveStock(input: $input) { reservation { status } } }";
        let lines = json!([{ "productId": "1", "quantity": units }]);
        let input = json!({ "id": reservation.to_string(), "lines": lines });
        data(&self.inventory, reserve, json!({ "input": input })).await;
    }

    /// Where an attempt stands.
    pub(crate) async fn attempt_status(&self, reservation: Uuid) -> String {
        let (status,) = self.databases[3]
            .query("select status from placement where reservation_id = $1")
            .bind(reservation)
            .fetch_one::<(String,)>()
            .await
            .unwrap();
        status
    }
}
