//! Placing orders.

use crate::shop::{Shop, data, input};
use chassis::db::Location;
use serde_json::json;
use testing::both_databases;

both_databases! {
    async fn an_order_has_the_prices_of_its_moment_and_reserves_its_units(location: Location) {
        let shop = Shop::open(&location, &["10.00", "0.05"], 10).await;

        let placed = shop.place(&[(2, 3), (1, 1), (2, 1)], None).await;

        let order = &placed["order"];
        assert_eq!(placed["userErrors"], json!([]));
        assert_eq!((&order["id"], &order["status"]), (&json!("1"), &json!("PENDING")));
        assert_eq!(order["total"]["amount"], "10.20");
        let quantities: Vec<_> =
            order["lines"].as_array().unwrap().iter().map(|line| line["quantity"].clone()).collect();
        assert_eq!(quantities, [3, 1, 1], "lines keep the order in which they were asked for");
        assert_eq!(order["lines"][0]["lineTotal"]["amount"], "0.15");
        assert_eq!(order["events"], json!([{ "status": "PENDING" }]));
        assert_eq!((shop.stock(1).await, shop.stock(2).await), ((10, 1), (10, 4)));

        let dearer = "mutation { updateProduct(id: 1, input: {price: \"99.00\", name: \"New\"}) {
            userErrors { message } } }";
        data(&shop.product, dearer, json!({})).await;
        let query = "{ order(id: 1) { lines { productName unitPrice { amount } } } }";
        let kept = data(&shop.order, query, json!({})).await;
        let line = json!({ "productName": "Product 1", "unitPrice": { "amount": "10.00" } });
        assert_eq!(kept["order"]["lines"][1], line);
    }

    async fn one_key_is_one_order(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;

        let first = shop.place(&[(1, 2)], Some("k")).await;
        let again = shop.place(&[(1, 2)], Some("k")).await;
        let other = shop.place(&[(1, 3)], Some("k")).await;

        assert_eq!(first["order"]["id"], "1");
        assert_eq!(again, first);
        assert_eq!(other["userErrors"][0]["code"], "IDEMPOTENCY_CONFLICT");
        assert_eq!(shop.stock(1).await, (10, 2));
    }

    async fn parallel_requests_with_one_key_are_one_order(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 100).await;

        let requests = (0..40).map(|_| shop.place(&[(1, 1)], Some("k")));
        let answers = futures::future::join_all(requests).await;

        let placed = answers.iter().filter(|answer| !answer["order"].is_null());
        assert!(placed.clone().count() >= 1);
        assert!(placed.clone().all(|answer| answer["order"]["id"] == "1"), "{answers:#?}");
        let refused = answers.iter().filter(|answer| answer["order"].is_null());
        assert!(refused.clone().all(|answer| answer["userErrors"][0]["code"] == "CONFLICT"));
        assert_eq!(shop.stock(1).await, (100, 1));
    }

    async fn a_key_of_a_refused_attempt_may_be_tried_anew(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 1).await;
        let refused = shop.place(&[(1, 2)], Some("k")).await;
        assert_eq!(refused["userErrors"][0]["code"], "INSUFFICIENT_STOCK");

        let count = "mutation { setStock(input: {productId: 1, onHand: 2}) { userErrors { message } } }";
        data(&shop.inventory, count, json!({})).await;
        let placed = shop.place(&[(1, 2)], Some("k")).await;

        assert_eq!(placed["order"]["id"], "1");
    }

    async fn the_last_unit_is_sold_once(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 1).await;

        let requests = (0..50).map(|_| shop.place(&[(1, 1)], None));
        let answers = futures::future::join_all(requests).await;

        let sold = answers.iter().filter(|answer| !answer["order"].is_null()).count();
        assert_eq!(sold, 1);
        let refused = answers.iter().filter(|answer| answer["order"].is_null());
        for answer in refused {
            assert_eq!(answer["userErrors"][0]["code"], "INSUFFICIENT_STOCK", "{answer:#}");
        }
        assert_eq!(shop.stock(1).await, (1, 1));
    }

    async fn an_order_whose_price_changed_is_refused_when_its_client_cares(location: Location) {
        let shop = Shop::open(&location, &["2.50"], 9).await;
        let expecting = |total: &str| {
            let mut input = input(&[(1, 2)], None);
            input["expectedTotal"] = json!(total);
            input
        };

        let refused = shop.place_input(expecting("4.99")).await;
        let placed = shop.place_input(expecting("5.00")).await;

        assert_eq!(refused["userErrors"][0]["code"], "PRICE_CHANGED");
        assert_eq!(placed["order"]["total"]["amount"], "5.00");
        assert_eq!(shop.stock(1).await, (9, 2));
    }
}
