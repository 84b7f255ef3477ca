//! What is refused, with which code and field; nothing changes.

use crate::shop::{Shop, input};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

fn with(member: &str, value: Value) -> Value {
    let mut input = input(&[(1, 1)], None);
    input[member] = value;
    input
}

/// Code, and path into the input.
type Fault = (&'static str, Option<&'static str>);

fn table() -> Vec<(Value, Vec<Fault>)> {
    let line =
        |product: &str, quantity: i64| json!([{ "productId": product, "quantity": quantity }]);
    let many = |count| vec![json!({ "productId": "1", "quantity": 1 }); count];
    vec![
        (with("userId", json!("2")), vec![("NOT_FOUND", Some("userId"))]),
        (with("userId", json!("x")), vec![("INVALID", Some("userId"))]),
        (with("shippingAddress", json!("  ")), vec![("BLANK", Some("shippingAddress"))]),
        (with("shippingAddress", json!("a\0")), vec![("INVALID", Some("shippingAddress"))]),
        (with("idempotencyKey", json!("")), vec![("BLANK", Some("idempotencyKey"))]),
        (
            with("idempotencyKey", json!("k".repeat(256))),
            vec![("TOO_LONG", Some("idempotencyKey"))],
        ),
        (with("expectedTotal", json!("NaN")), vec![("INVALID", Some("expectedTotal"))]),
        (with("lines", json!([])), vec![("BLANK", Some("lines"))]),
        (with("lines", json!(many(101))), vec![("TOO_LONG", Some("lines"))]),
        (with("lines", line("1", 0)), vec![("OUT_OF_RANGE", Some("lines.0.quantity"))]),
        (with("lines", line("1", -1)), vec![("OUT_OF_RANGE", Some("lines.0.quantity"))]),
        (with("lines", line("1", 1_000_001)), vec![("OUT_OF_RANGE", Some("lines.0.quantity"))]),
        (with("lines", line("one", 1)), vec![("INVALID", Some("lines.0.productId"))]),
        (with("lines", line("99", 1)), vec![("NOT_FOUND", Some("lines.0.productId"))]),
        // Product 2 costs the greatest amount there is.
        (with("lines", line("2", 2)), vec![("OUT_OF_RANGE", None)]),
        (with("lines", line("1", 6)), vec![("INSUFFICIENT_STOCK", Some("lines.0.quantity"))]),
        (
            with(
                "lines",
                json!([{ "productId": "1", "quantity": 3 }, { "productId": "1", "quantity": 3 }]),
            ),
            vec![("INSUFFICIENT_STOCK", Some("lines.0.quantity"))],
        ),
        (
            with(
                "lines",
                json!([{ "productId": "1", "quantity": 6 }, { "productId": "99", "quantity": 1 }]),
            ),
            vec![
                ("INSUFFICIENT_STOCK", Some("lines.0.quantity")),
                ("NOT_FOUND", Some("lines.1.productId")),
            ],
        ),
        (
            json!({ "userId": "-1", "shippingAddress": "", "lines": [{ "productId": "", "quantity": 0 }] }),
            vec![
                ("INVALID", Some("userId")),
                ("BLANK", Some("shippingAddress")),
                ("INVALID", Some("lines.0.productId")),
                ("OUT_OF_RANGE", Some("lines.0.quantity")),
            ],
        ),
    ]
}

both_databases! {
    async fn a_faulty_order_is_refused_with_all_its_faults(location: Location) {
        let shop = Shop::open(&location, &["1.00", "99999999.99"], 5).await;

        for (input, expected) in table() {
            let refused = shop.place_input(input.clone()).await;
            let errors = refused["userErrors"].as_array().unwrap();
            let found: Vec<(&str, Option<String>)> = errors
                .iter()
                .map(|error| {
                    let path = error["field"].as_array().map(|path| {
                        let steps: Vec<_> = path.iter().filter_map(Value::as_str).collect();
                        steps.join(".")
                    });
                    (error["code"].as_str().unwrap(), path)
                })
                .collect();
            let expected: Vec<_> =
                expected.into_iter().map(|(code, path)| (code, path.map(str::to_owned))).collect();
            assert_eq!(found, expected, "{input:#}");
            assert!(refused["order"].is_null());
        }

        assert_eq!((shop.stock(1).await, shop.stock(2).await), ((5, 0), (5, 0)));
        assert_eq!(shop.place(&[(1, 1)], None).await["order"]["id"], "1", "no id was used up");
    }

    async fn an_order_that_is_not_there_cannot_be_changed(location: Location) {
        let shop = Shop::open(&location, &[], 0).await;
        for (mutation, code) in [
            ("cancelOrder(id: 1)", "NOT_FOUND"),
            ("cancelOrder(id: \"x\")", "INVALID"),
            ("transitionOrder(id: 1, to: SHIPPED)", "NOT_FOUND"),
            ("updateShippingAddress(id: 1, shippingAddress: \"x\")", "NOT_FOUND"),
            ("updateShippingAddress(id: 1, shippingAddress: \" \")", "BLANK"),
            ("updateOrder(id: 1, input: {})", "NOT_FOUND"),
        ] {
            let refused = shop.change(mutation).await;
            assert_eq!(refused["userErrors"][0]["code"], code, "{mutation}");
        }
    }
}
