//! The life of an order, and what it means for the stock.

use crate::shop::{Shop, codes, id};
use e2e::on_both_databases;
use serde_json::{Value, json};
use std::time::Duration;
use testing::{Agora, Database, wait_until};

const CANCEL: &str = "mutation ($id: ID!) { cancelOrder(id: $id) {
    order { status } userErrors { code field message } } }";
const DELETE: &str = "mutation ($id: ID!) { deleteOrder(id: $id) {
    deletedOrderId userErrors { code field message } } }";
const UPDATE_PRODUCT: &str = "mutation ($id: ID!, $input: UpdateProductInput!) {
    updateProduct(id: $id, input: $input) { product { id } userErrors { code field message } } }";
const DELETE_PRODUCT: &str = "mutation ($id: ID!) { deleteProduct(id: $id) {
    deletedProductId userErrors { code field message } } }";
const ORDER: &str = "query ($id: ID!) { order(id: $id) { status total { amount }
    lines { product { name } productName quantity unitPrice { amount } lineTotal { amount } } } }";
const STATUSES: [&str; 5] = ["PENDING", "CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"];

/// A user, and a mug of which there are 100.
async fn shop_with_mugs(database: &Database) -> (Shop, String, String) {
    let shop = Shop::on(database).await;
    let user = shop.user("ann").await;
    let mug = shop.product("Mug", "5.00", 100).await;
    (shop, user, mug)
}

on_both_databases! {
    async fn the_stock_follows_an_order_step_by_step(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        assert_eq!(shop.stock(&mug).await, (100, 0, 100));

        let order = shop.order(&user, &[(&mug, 3)]).await;
        assert_eq!(shop.stock(&mug).await, (100, 3, 97));
        for (status, stock) in [
            ("CONFIRMED", (100, 3, 97)),
            ("SHIPPED", (97, 0, 97)),
            ("SHIPPED", (97, 0, 97)),
            ("DELIVERED", (97, 0, 97)),
        ] {
            let moved = shop.move_to(&order, status).await;
            assert_eq!(moved["order"]["status"], status, "{moved}");
            assert_eq!(shop.stock(&mug).await, stock, "{status}");
        }
        let shipped = shop.order(&user, &[(&mug, 7)]).await;
        shop.move_to(&shipped, "SHIPPED").await;
        assert_eq!(shop.stock(&mug).await, (90, 0, 90));
        shop.change(CANCEL, json!({ "id": shipped })).await;
        assert_eq!(shop.stock(&mug).await, (97, 0, 97), "the goods came back");
    }

    async fn nothing_goes_back_and_nothing_leaves_an_end(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        // Where an order can go: forward by one or more steps, or out; staying is no step.
        let allowed = |from: usize, to: usize| from == to || (from < 3 && to > from);
        for (from, status) in STATUSES.iter().enumerate() {
            for (to, wanted) in STATUSES.iter().enumerate() {
                let order = shop.order(&user, &[(&mug, 1)]).await;
                shop.move_to(&order, status).await;
                let before = shop.stock(&mug).await;

                let moved = shop.move_to(&order, wanted).await;

                let expected: &[&str] =
                    if allowed(from, to) { &[] } else { &["ILLEGAL_TRANSITION"] };
                assert_eq!(codes(&moved), expected, "{status} to {wanted}");
                let now = shop.data(ORDER, json!({ "id": order })).await["order"]["status"].clone();
                assert_eq!(now, if allowed(from, to) { *wanted } else { *status });
                if !expected.is_empty() {
                    assert_eq!(shop.stock(&mug).await, before, "{status} to {wanted}");
                }
                shop.change(DELETE, json!({ "id": order })).await;
            }
        }
    }

    async fn cancelling_twice_gives_the_stock_back_once(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        let order = shop.order(&user, &[(&mug, 3)]).await;

        shop.change(CANCEL, json!({ "id": order })).await;
        let again = shop.payload(CANCEL, json!({ "id": order })).await;

        assert_eq!(codes(&again), ["ILLEGAL_TRANSITION"]);
        assert_eq!(shop.stock(&mug).await, (100, 0, 100));
    }

    async fn deleting_gives_back_what_is_held_and_only_that(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        let kept = shop.order(&user, &[(&mug, 1)]).await;
        for (status, stock) in [
            ("PENDING", (100, 1, 99)),
            ("CONFIRMED", (100, 1, 99)),
            ("SHIPPED", (95, 1, 94)),
            ("CANCELLED", (95, 1, 94)),
        ] {
            let order = shop.order(&user, &[(&mug, 5)]).await;
            shop.move_to(&order, status).await;

            let deleted = shop.change(DELETE, json!({ "id": order })).await;

            assert_eq!(deleted["deletedOrderId"], order);
            assert_eq!(shop.stock(&mug).await, stock, "{status}");
            assert_eq!(shop.data(ORDER, json!({ "id": order })).await["order"], Value::Null);
            let again = shop.payload(DELETE, json!({ "id": order })).await;
            assert_eq!(codes(&again), ["NOT_FOUND"]);
        }
        let kept = shop.data(ORDER, json!({ "id": kept })).await;
        assert_eq!(kept["order"]["status"], "PENDING");
    }

    async fn an_order_keeps_the_name_and_price_of_its_moment(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        let order = shop.order(&user, &[(&mug, 3)]).await;
        let line = |product: Value| json!({ "order": { "status": "PENDING",
            "total": { "amount": "15.00" },
            "lines": [{ "product": product, "productName": "Mug", "quantity": 3,
                "unitPrice": { "amount": "5.00" }, "lineTotal": { "amount": "15.00" } }] } });

        let dearer = json!({ "id": mug, "input": { "price": "7.00", "name": "Cup" } });
        shop.change(UPDATE_PRODUCT, dearer).await;
        let changed = shop.data(ORDER, json!({ "id": order })).await;
        assert_eq!(changed, line(json!({ "name": "Cup" })));
        let next = shop.place(&user, &[(&mug, 3)]).await;
        assert_eq!(next["order"]["total"]["amount"], "21.00");

        shop.change(DELETE_PRODUCT, json!({ "id": mug })).await;
        assert_eq!(shop.data(ORDER, json!({ "id": order })).await, line(Value::Null));
        shop.change(CANCEL, json!({ "id": order })).await;
    }

    async fn a_product_that_is_not_for_sale_cannot_be_ordered(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        let cup = shop.product("Cup", "3.00", 5).await;
        let hide = json!({ "id": mug, "input": { "isActive": false } });
        shop.change(UPDATE_PRODUCT, hide).await;

        let refused = shop.place(&user, &[(&cup, 1), (&mug, 1)]).await;

        assert_eq!(codes(&refused), ["NOT_FOUND"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["lines", "1", "productId"]));
        assert_eq!(shop.stock(&cup).await, (5, 0, 5));
        assert_eq!(shop.order_count().await, 0);
    }

    async fn lines_are_taken_together_and_all_or_none(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        let cup = shop.product("Cup", "3.00", 5).await;

        for lines in [[(&*mug, 60), (&*mug, 41)], [(&*mug, 1), (&*cup, 6)]] {
            let refused = shop.place(&user, &lines).await;
            assert_eq!(codes(&refused), ["INSUFFICIENT_STOCK"], "{refused}");
            assert_eq!(refused["order"], Value::Null);
        }
        assert_eq!(shop.stock(&mug).await, (100, 0, 100));
        assert_eq!(shop.order_count().await, 0);

        let placed = shop.place(&user, &[(&mug, 60), (&cup, 5), (&mug, 40)]).await;
        let lines = placed["order"]["lines"].as_array().unwrap();
        let quantities: Vec<_> = lines.iter().map(|line| line["quantity"].clone()).collect();
        assert_eq!(quantities, [60, 5, 40], "as they were asked for");
        assert_eq!(shop.stock(&mug).await, (100, 100, 0));
        assert_eq!(shop.stock(&cup).await, (5, 5, 0));
    }

    async fn an_expected_total_must_be_the_total(database: &Database) {
        let (shop, user, mug) = shop_with_mugs(database).await;
        for (expected, code) in [("15.01", Some("PRICE_CHANGED")), ("15", None), ("15.00", None)] {
            let more = json!({ "expectedTotal": expected });
            let placed = shop.place_with(&user, &[(&mug, 3)], more).await;
            assert_eq!(codes(&placed), Vec::from_iter(code), "{expected}");
        }
        assert_eq!(shop.stock(&mug).await, (100, 6, 94));
    }

    async fn an_idempotency_key_names_one_attempt_of_one_user(database: &Database) {
        let (shop, ann, mug) = shop_with_mugs(database).await;
        let bob = shop.user("bob").await;
        let key = json!({ "idempotencyKey": "first try" });
        let place = |user: &str, quantity: i64| {
            let (user, mug, key) = (user.to_owned(), mug.clone(), key.clone());
            let shop = &shop;
            async move { shop.place_with(&user, &[(&mug, quantity)], key).await }
        };

        let first = place(&ann, 2).await;
        shop.change(UPDATE_PRODUCT, json!({ "id": mug, "input": { "price": "9.00" } })).await;
        let again = place(&ann, 2).await;
        let other_input = place(&ann, 3).await;
        let other_user = place(&bob, 2).await;

        assert_eq!(again, first, "the price of the first time too");
        assert_eq!(codes(&other_input), ["IDEMPOTENCY_CONFLICT"]);
        assert_ne!(id(&other_user["order"]), id(&first["order"]));
        assert_eq!(shop.stock(&mug).await, (100, 4, 96));

        // What came to nothing may be tried anew; what was deleted is not placed again.
        let key = json!({ "idempotencyKey": "second try" });
        let refused = shop.place_with(&ann, &[(&mug, 97)], key.clone()).await;
        assert_eq!(codes(&refused), ["INSUFFICIENT_STOCK"]);
        shop.change(CANCEL, json!({ "id": id(&other_user["order"]) })).await;
        let placed = shop.place_with(&ann, &[(&mug, 97)], key.clone()).await;
        assert_eq!(codes(&placed), [""; 0], "{placed}");
        shop.change(DELETE, json!({ "id": id(&placed["order"]) })).await;
        let gone = shop.place_with(&ann, &[(&mug, 97)], key).await;
        assert_eq!(codes(&gone), ["NOT_FOUND"]);
        assert_eq!(shop.stock(&mug).await, (100, 2, 98));
    }
}

#[tokio::test]
async fn an_inventory_that_is_away_at_the_wrong_moment_is_told_later() {
    let Some(database) = Database::postgres() else { return };
    let (shop, user, mug) = shop_with_mugs(&database).await;
    let order = shop.order(&user, &[(&mug, 3)]).await;
    let nobody = "http://127.0.0.1:1/graphql";
    let alone = Agora::options().database(&database).argument("--role").argument("order");
    let alone = alone.argument("--inventory-url").argument(nobody).start().await;

    let cancelled = alone.data(CANCEL, json!({ "id": order })).await;

    assert_eq!(cancelled["cancelOrder"]["order"]["status"], "CANCELLED");
    let settled = Duration::from_secs(60);
    wait_until(settled, || async { shop.stock(&mug).await == (100, 0, 100) }).await;
}
