//! Attempts that somebody began and nobody ends.

use crate::shop::{Shop, data};
use chassis::DbError;
use chassis::db::Location;
use chrono::{TimeDelta, Utc};
use serde_json::json;
use std::time::Duration;
use testing::{both_databases, wait_until};
use uuid::Uuid;

const DEADLINE: Duration = Duration::from_secs(20);

both_databases! {
    async fn an_abandoned_attempt_gives_back_what_it_reserved(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 5).await;
        let reservation = begin(&shop, TimeDelta::seconds(-1)).await;

        // Two nodes sweep at once.
        let ((stopping, work), (also_stopping, more_work)) = (shop.work(), shop.work());
        wait_until(DEADLINE, async || shop.stock(1).await == (5, 0)).await;
        wait_until(DEADLINE, async || status(&shop, reservation).await == "aborted").await;

        for (token, work) in [(stopping, work), (also_stopping, more_work)] {
            token.cancel();
            work.await.unwrap();
        }
        assert_eq!(shop.stock(1).await, (5, 0));
    }
}

/// A placement of a process that died after it had reserved three units.
async fn begin(shop: &Shop, attended: TimeDelta) -> Uuid {
    let reservation = Uuid::now_v7();
    let reserve = "mutation ($input: ReserveStockInput!) {
        reserveStock(input: $input) { reservation { status } } }";
    let lines = json!([{ "productId": "1", "quantity": 3 }]);
    let input = json!({ "id": reservation.to_string(), "lines": lines });
    data(&shop.inventory, reserve, json!({ "input": input })).await;
    assert_eq!(shop.stock(1).await, (5, 3));
    #[expect(clippy::disallowed_methods, reason = "the test makes up a process of the past")]
    let now = Utc::now();
    let written: Result<u64, DbError> = shop.databases[3]
        .write(move |tx| {
            Box::pin(async move {
                tx.query(
                    "insert into placement (reservation_id, user_id, request_hash, status,
                                            instance_id, attended_until, created_at)
                     values ($1, 1, 'x', 'started', $2, $3, $4)",
                )
                .bind(reservation)
                .bind(Uuid::now_v7())
                .bind(now + attended)
                .bind(now)
                .execute()
                .await
            })
        })
        .await;
    written.unwrap();
    reservation
}

async fn status(shop: &Shop, reservation: Uuid) -> String {
    let (status,) = shop.databases[3]
        .query("select status from placement where reservation_id = $1")
        .bind(reservation)
        .fetch_one::<(String,)>()
        .await
        .unwrap();
    status
}
