//! Input that changes nothing, and what it is told.

use crate::warehouse::{Warehouse, id, line_inputs};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

const SET: &str = "mutation($input: SetStockInput!) {
    payload: setStock(input: $input) { userErrors { code field } }
}";
const ADJUST: &str = "mutation($input: AdjustStockInput!) {
    payload: adjustStock(input: $input) { userErrors { code field } }
}";
const RESERVE: &str = "mutation($input: ReserveStockInput!) {
    payload: reserveStock(input: $input) { userErrors { code field } }
}";
const RELEASE: &str = "mutation($input: ID!) {
    payload: releaseReservation(id: $input) { userErrors { code field } }
}";
const FULFIL: &str = "mutation($input: ID!) {
    payload: fulfilReservation(id: $input) { userErrors { code field } }
}";
const DELETE: &str = "mutation($input: ID!) {
    payload: deleteStockItem(id: $input) { userErrors { code field } }
}";

/// An operation, its input, and the codes with their dotted paths.
type Case = (&'static str, Value, &'static [(&'static str, &'static str)]);

fn counts() -> Vec<Case> {
    let long = "x".repeat(256);
    vec![
        (SET, json!({ "productId": "1" }), &[("INVALID", "onHand")]),
        (SET, json!({ "productId": "1", "onHand": 1, "available": 1 }), &[("INVALID", "onHand")]),
        (SET, json!({ "productId": "1", "onHand": -1 }), &[("OUT_OF_RANGE", "onHand")]),
        (SET, json!({ "productId": "1", "available": -1 }), &[("OUT_OF_RANGE", "available")]),
        (
            SET,
            json!({ "productId": "x", "onHand": -1, "reference": long }),
            &[("INVALID", "productId"), ("OUT_OF_RANGE", "onHand"), ("TOO_LONG", "reference")],
        ),
        (
            SET,
            json!({ "productId": "1", "onHand": 9, "reference": "a\0b" }),
            &[("INVALID", "reference")],
        ),
        (ADJUST, json!({ "productId": "0", "delta": 1 }), &[("INVALID", "productId")]),
        (
            ADJUST,
            json!({ "productId": "1", "delta": 1, "idempotencyKey": " " }),
            &[("BLANK", "idempotencyKey")],
        ),
        (
            ADJUST,
            json!({ "productId": "1", "delta": 1, "idempotencyKey": long }),
            &[("TOO_LONG", "idempotencyKey")],
        ),
        (
            ADJUST,
            json!({ "productId": "1", "delta": 1, "idempotencyKey": "a\0b" }),
            &[("INVALID", "idempotencyKey")],
        ),
        (
            ADJUST,
            json!({ "productId": "1", "delta": -2147483648 }),
            &[("INSUFFICIENT_STOCK", "delta")],
        ),
        (ADJUST, json!({ "productId": "1", "delta": 2147483647 }), &[("OUT_OF_RANGE", "delta")]),
        (DELETE, json!("x"), &[("INVALID", "id")]),
        (DELETE, json!("9223372036854775807"), &[("NOT_FOUND", "id")]),
    ]
}

fn reservations() -> Vec<Case> {
    let one_unit = line_inputs(&[(1, 1)]);
    let reserve = |lines: &[(i64, i64)]| json!({ "id": id(1), "lines": line_inputs(lines) });
    vec![
        (RESERVE, json!({ "id": "7", "lines": line_inputs(&[(1, 1)]) }), &[("INVALID", "id")]),
        (RESERVE, reserve(&[]), &[("INVALID", "lines")]),
        (RESERVE, reserve(&[(1, 1); 101]), &[("TOO_LONG", "lines")]),
        (RESERVE, reserve(&[(1, 0)]), &[("OUT_OF_RANGE", "lines.0.quantity")]),
        (RESERVE, reserve(&[(1, 1), (1, -1)]), &[("OUT_OF_RANGE", "lines.1.quantity")]),
        (
            RESERVE,
            reserve(&[(-1, 1), (1, 1_000_001)]),
            &[("INVALID", "lines.0.productId"), ("OUT_OF_RANGE", "lines.1.quantity")],
        ),
        (RESERVE, reserve(&[(1, 4)]), &[("INSUFFICIENT_STOCK", "lines.0.quantity")]),
        (RESERVE, reserve(&[(1, 2), (1, 2)]), &[("INSUFFICIENT_STOCK", "lines.0.quantity")]),
        (
            RESERVE,
            reserve(&[(9223372036854775807, 1)]),
            &[("INSUFFICIENT_STOCK", "lines.0.quantity")],
        ),
        (
            RESERVE,
            json!({ "id": id(1), "lines": one_unit, "expiresAt": "2026-03-01T12:00:00Z" }),
            &[("INVALID", "expiresAt")],
        ),
        (RELEASE, json!("7"), &[("INVALID", "id")]),
        (FULFIL, json!(""), &[("INVALID", "id")]),
        (FULFIL, json!(id(1)), &[("NOT_FOUND", "id")]),
    ]
}

both_databases! {
    async fn wrong_input_changes_nothing_and_says_what_is_wrong(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 3).await;

        for (text, input, expected) in counts().into_iter().chain(reservations()) {
            let data = warehouse.data(text, json!({ "input": input })).await;
            let errors = data["payload"]["userErrors"].as_array().unwrap().iter();
            let found: Vec<_> = errors
                .map(|error| {
                    let field = error["field"].as_array().unwrap().iter();
                    let path =
                        field.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".");
                    (error["code"].as_str().unwrap().to_owned(), path)
                })
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(code, path)| ((*code).to_owned(), (*path).to_owned()))
                .collect();
            assert_eq!(found, expected, "{input}");
        }

        assert_eq!(warehouse.counters(1).await, (3, 0));
        assert_eq!(warehouse.movements(1).await, ["counted"]);
        let found = warehouse
            .data("query($id: ID!) { reservation(id: $id) { id } }", json!({ "id": id(1) }))
            .await;
        assert_eq!(found["reservation"], Value::Null);
        warehouse.assert_consistent().await;
    }

    async fn a_query_that_makes_no_sense_has_a_code(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 3).await;
        let many: Vec<String> = (1..=101).map(|id| id.to_string()).collect();

        for (text, variables) in [
            ("{ stockItem(id: \"x\") { id } }", json!({})),
            ("{ stockItem(id: \"-1\") { id } }", json!({})),
            ("{ reservation(id: \"1\") { id } }", json!({})),
            (
                "query($ids: [ID!]) { stockItems(productIds: $ids) { totalCount } }",
                json!({ "ids": many }),
            ),
            ("{ stockItems(productIds: [\"x\"]) { totalCount } }", json!({})),
            ("{ stockItems(first: 0) { totalCount } }", json!({})),
            ("{ stockItems(first: 101) { totalCount } }", json!({})),
            ("{ stockItems(first: 1, last: 1) { totalCount } }", json!({})),
            ("{ stockItems(after: \"x\") { totalCount } }", json!({})),
            ("{ stockItems { nodes { movements(first: -1) { totalCount } } } }", json!({})),
            (
                "mutation { adjustStock(input: {productId: 1, delta: 2147483648}) { __typename } }",
                json!({}),
            ),
            (
                "mutation { adjustStock(input: { productId: 1, delta: 1.5 }) { __typename } }",
                json!({}),
            ),
            (
                "mutation { reserveStock(input: { id: 1, lines: null }) { reservation { id } } }",
                json!({}),
            ),
        ] {
            let response = warehouse.response(text, variables).await;
            assert_eq!(
                response["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{text}: {response}"
            );
        }
        assert_eq!(warehouse.counters(1).await, (3, 0));
    }
}
