//! releaseReservation and fulfilReservation.

use crate::warehouse::{Warehouse, codes, id, status};
use chassis::db::Location;
use serde_json::json;
use testing::both_databases;

both_databases! {
    async fn releasing_gives_the_units_back_once(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 5).await;
        warehouse.reserve(&id(1), &[(1, 2), (2, 3)]).await;

        for _ in 0..3 {
            assert_eq!(status(&warehouse.release(&id(1)).await), "RELEASED");
            assert_eq!(warehouse.counters(1).await, (5, 0));
            assert_eq!(warehouse.counters(2).await, (5, 0));
        }

        assert_eq!(warehouse.movements(1).await, ["counted", "reserved", "released"]);
        warehouse.assert_consistent().await;
    }

    async fn fulfilling_takes_the_units_out_of_the_house_once(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.reserve(&id(1), &[(1, 2)]).await;

        for _ in 0..3 {
            assert_eq!(status(&warehouse.fulfil(&id(1)).await), "FULFILLED");
            assert_eq!(warehouse.counters(1).await, (3, 0));
        }

        assert_eq!(warehouse.movements(1).await, ["counted", "reserved", "fulfilled"]);
        warehouse.assert_consistent().await;
    }

    async fn releasing_after_fulfilling_takes_the_goods_back(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.reserve(&id(1), &[(1, 2)]).await;
        warehouse.fulfil(&id(1)).await;

        for _ in 0..2 {
            assert_eq!(status(&warehouse.release(&id(1)).await), "RELEASED");
            assert_eq!(warehouse.counters(1).await, (5, 0));
        }

        let kinds = ["counted", "reserved", "fulfilled", "returned"];
        assert_eq!(warehouse.movements(1).await, kinds);
        assert_eq!(codes(&warehouse.fulfil(&id(1)).await), ["CONFLICT"]);
        warehouse.assert_consistent().await;
    }

    async fn goods_that_come_back_to_a_product_no_longer_stocked_are_skipped(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 2).await;
        warehouse.stock(2, 2).await;
        warehouse.reserve(&id(1), &[(1, 2), (2, 2)]).await;
        warehouse.fulfil(&id(1)).await;
        let items =
            warehouse.data("{ stockItems(productIds: [\"1\"]) { nodes { id } } }", json!({})).await;
        let deleted = warehouse
            .data(
                "mutation($id: ID!) { deleteStockItem(id: $id) { userErrors { code } } }",
                json!({ "id": items["stockItems"]["nodes"][0]["id"] }),
            )
            .await;
        assert_eq!(deleted["deleteStockItem"]["userErrors"], json!([]));

        assert_eq!(status(&warehouse.release(&id(1)).await), "RELEASED");

        assert_eq!(warehouse.counters(1).await, (0, 0));
        assert_eq!(warehouse.counters(2).await, (2, 0));
        warehouse.assert_consistent().await;
    }

    async fn goods_that_do_not_fit_any_more_are_refused_until_they_do(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 1).await;
        warehouse.reserve(&id(1), &[(1, 1)]).await;
        warehouse.fulfil(&id(1)).await;
        warehouse.stock(1, 2147483647).await;

        assert_eq!(codes(&warehouse.release(&id(1)).await), ["OUT_OF_RANGE"]);
        warehouse.assert_consistent().await;
        warehouse.stock(1, 2147483646).await;
        assert_eq!(status(&warehouse.release(&id(1)).await), "RELEASED");
        warehouse.assert_consistent().await;
    }

    async fn what_was_given_back_or_never_made_cannot_be_fulfilled(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.reserve(&id(1), &[(1, 2)]).await;
        warehouse.release(&id(1)).await;

        assert_eq!(codes(&warehouse.fulfil(&id(1)).await), ["CONFLICT"]);
        assert_eq!(codes(&warehouse.fulfil(&id(2)).await), ["NOT_FOUND"]);
        assert_eq!(warehouse.counters(1).await, (5, 0));
        warehouse.assert_consistent().await;
    }

    async fn a_reservation_keeps_its_lines_whatever_becomes_of_it(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 5).await;
        warehouse.reserve(&id(1), &[(2, 1), (1, 2)]).await;
        warehouse.fulfil(&id(1)).await;
        warehouse.release(&id(1)).await;

        let found = warehouse
            .data(
                "query($id: ID!) { reservation(id: $id) {
                    id status expiresAt createdAt
                    lines { product { id availableQuantity } quantity }
                } }",
                json!({ "id": id(1).to_uppercase() }),
            )
            .await;

        assert_eq!(
            found["reservation"],
            json!({
                "id": id(1),
                "status": "RELEASED",
                "expiresAt": null,
                "createdAt": "2026-03-01T12:00:00.000000Z",
                "lines": [
                    { "product": { "id": "1", "availableQuantity": 5 }, "quantity": 2 },
                    { "product": { "id": "2", "availableQuantity": 5 }, "quantity": 1 },
                ],
            })
        );
    }
}
