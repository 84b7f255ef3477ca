//! setStock and deleteStockItem.

use crate::warehouse::{Warehouse, codes, id};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

const DELETE: &str = "mutation($id: ID!) {
    deleteStockItem(id: $id) { deletedStockItemId userErrors { code field message } }
}";

async fn delete(warehouse: &Warehouse, id: &Value) -> Value {
    warehouse.data(DELETE, json!({ "id": id })).await["deleteStockItem"].take()
}

both_databases! {
    async fn a_count_creates_the_stock_item_and_replaces_what_was_on_hand(location: Location) {
        let warehouse = Warehouse::open(&location).await;

        let first = warehouse.set(json!({ "productId": "7", "onHand": 5 })).await;
        let second =
            warehouse.set(json!({ "productId": "7", "onHand": 3, "reference": "shelf 4" })).await;

        assert_eq!(first["stockItem"]["onHand"], 5);
        assert_eq!(
            second["stockItem"],
            json!({ "id": first["stockItem"]["id"], "onHand": 3, "reserved": 0, "available": 3 })
        );
        assert_eq!(warehouse.counters(7).await, (3, 0));
        assert_eq!(warehouse.movements(7).await, ["counted", "counted"]);
        warehouse.assert_consistent().await;
    }

    async fn a_count_of_available_units_leaves_what_is_reserved(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(7, 5).await;
        warehouse.reserve(&id(1), &[(7, 4)]).await;

        let set = warehouse.set(json!({ "productId": "7", "available": 10 })).await;
        let most = warehouse.set(json!({ "productId": "7", "available": 2147483643 })).await;
        let too_many = warehouse.set(json!({ "productId": "7", "available": 2147483644 })).await;

        assert_eq!(set["stockItem"]["onHand"], 14);
        assert_eq!(most["stockItem"]["onHand"], 2147483647);
        assert_eq!(codes(&too_many), ["OUT_OF_RANGE"]);
        assert_eq!(too_many["userErrors"][0]["field"], json!(["available"]));
        warehouse.assert_consistent().await;
    }

    async fn a_count_below_what_is_reserved_is_refused(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(7, 5).await;
        warehouse.reserve(&id(1), &[(7, 4)]).await;

        let below = warehouse.set(json!({ "productId": "7", "onHand": 3 })).await;
        let equal = warehouse.set(json!({ "productId": "7", "onHand": 4 })).await;

        assert_eq!(codes(&below), ["OUT_OF_RANGE"]);
        assert_eq!(below["stockItem"], Value::Null);
        assert_eq!(equal["stockItem"]["available"], 0);
        warehouse.assert_consistent().await;
    }

    async fn a_count_that_expects_another_number_is_a_conflict(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        let count =
            |expected: i32| json!({ "productId": "7", "onHand": 9, "expectedOnHand": expected });

        let never_stocked = warehouse.set(count(1)).await;
        assert_eq!(codes(&never_stocked), ["CONFLICT"]);
        let items = warehouse.data("{ stockItems { nodes { id } } }", json!({})).await;
        assert_eq!(items["stockItems"]["nodes"], json!([]));

        assert_eq!(codes(&warehouse.set(count(0)).await), [""; 0]);
        assert_eq!(codes(&warehouse.set(count(0)).await), ["CONFLICT"]);
        assert_eq!(codes(&warehouse.set(count(9)).await), [""; 0]);
        assert_eq!(warehouse.counters(7).await, (9, 0));
        warehouse.assert_consistent().await;
    }

    async fn a_stock_item_is_deleted_unless_units_are_reserved(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        let item =
            warehouse.set(json!({ "productId": "7", "onHand": 5 })).await["stockItem"]["id"].take();
        warehouse.reserve(&id(1), &[(7, 1)]).await;

        assert_eq!(codes(&delete(&warehouse, &item).await), ["CONFLICT"]);
        warehouse.release(&id(1)).await;
        assert_eq!(
            delete(&warehouse, &item).await,
            json!({ "deletedStockItemId": item, "userErrors": [] })
        );
        assert_eq!(codes(&delete(&warehouse, &item).await), ["NOT_FOUND"]);

        let gone = warehouse
            .data("query($id: ID!) { stockItem(id: $id) { id } }", json!({ "id": item }))
            .await;
        assert_eq!(gone["stockItem"], Value::Null);
        assert_eq!(warehouse.counters(7).await, (0, 0));
        assert_eq!(warehouse.movements(7).await, ["counted", "reserved", "released", "adjusted"]);
        warehouse.assert_consistent().await;

        warehouse.stock(7, 2).await;
        warehouse.assert_consistent().await;
    }
}
