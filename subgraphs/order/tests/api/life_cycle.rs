//! What becomes of orders, and of their stock.

use crate::shop::{Shop, data};
use chassis::db::Location;
use serde_json::json;
use testing::both_databases;

both_databases! {
    async fn shipping_takes_the_units_out_of_the_house_once(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 4)], None).await;

        shop.change("transitionOrder(id: 1, to: CONFIRMED)").await;
        assert_eq!(shop.stock(1).await, (10, 4));
        shop.change("transitionOrder(id: 1, to: SHIPPED)").await;
        assert_eq!(shop.stock(1).await, (6, 0));
        let delivered = shop.change("transitionOrder(id: 1, to: DELIVERED)").await;

        assert_eq!(shop.stock(1).await, (6, 0));
        let statuses = json!([{ "status": "PENDING" }, { "status": "CONFIRMED" },
            { "status": "SHIPPED" }, { "status": "DELIVERED" }]);
        assert_eq!(delivered["order"]["events"], statuses);
        assert_eq!(delivered["order"]["allowedTransitions"], json!([]));
    }

    async fn cancelling_gives_the_units_back_whatever_the_status(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        for (id, before) in [(1, None), (2, Some("CONFIRMED")), (3, Some("SHIPPED"))] {
            shop.place(&[(1, 4)], None).await;
            if let Some(status) = before {
                shop.change(&format!("transitionOrder(id: {id}, to: {status})")).await;
            }
            let cancelled = shop.change(&format!("cancelOrder(id: {id})")).await;
            assert_eq!(cancelled["order"]["status"], "CANCELLED");
            assert_eq!(shop.stock(1).await, (10, 0));
        }
    }

    async fn only_one_of_many_cancels_wins(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 4)], None).await;

        let cancels = (0..8).map(|_| shop.change("cancelOrder(id: 1)"));
        let answers = futures::future::join_all(cancels).await;

        let won = answers.iter().filter(|answer| !answer["order"].is_null()).count();
        assert_eq!(won, 1);
        let lost = answers.iter().filter(|answer| answer["order"].is_null());
        for answer in lost {
            assert_eq!(answer["userErrors"][0]["code"], "ILLEGAL_TRANSITION");
        }
        assert_eq!(shop.stock(1).await, (10, 0));
    }

    async fn nothing_goes_back(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 1)], None).await;
        shop.change("transitionOrder(id: 1, to: DELIVERED)").await;
        for status in ["PENDING", "CONFIRMED", "SHIPPED", "CANCELLED"] {
            let refused = shop.change(&format!("transitionOrder(id: 1, to: {status})")).await;
            assert_eq!(refused["userErrors"][0]["code"], "ILLEGAL_TRANSITION", "{status}");
        }
        let same = shop.change("transitionOrder(id: 1, to: DELIVERED)").await;
        assert_eq!(same["order"]["status"], "DELIVERED", "the same status again changes nothing");
        assert_eq!(shop.stock(1).await, (9, 0));
    }

    async fn an_update_is_all_or_nothing(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 1)], None).await;
        shop.change("transitionOrder(id: 1, to: SHIPPED)").await;

        let refused =
            shop.change("updateOrder(id: 1, input: {status: PENDING, shippingAddress: \"new\"})").await;
        let unchanged = shop.change("updateOrder(id: 1, input: {})").await;
        let done =
            shop.change("updateOrder(id: 1, input: {status: CANCELLED, shippingAddress: \"new\"})").await;

        assert_eq!(refused["userErrors"][0]["code"], "ILLEGAL_TRANSITION");
        assert_eq!(unchanged["order"]["shippingAddress"], "1 Main St");
        assert_eq!(done["order"]["status"], "CANCELLED");
        assert_eq!(done["order"]["shippingAddress"], "new");
        assert_eq!(shop.stock(1).await, (10, 0));
    }

    async fn deleting_gives_back_only_what_is_still_held(location: Location) {
        let shop = Shop::open(&location, &["1.00"], 10).await;
        shop.place(&[(1, 2)], None).await;
        shop.place(&[(1, 3)], None).await;
        shop.change("transitionOrder(id: 2, to: SHIPPED)").await;

        for id in [1, 2] {
            let delete = format!("mutation {{ deleteOrder(id: {id}) {{ deletedOrderId }} }}");
            let deleted = data(&shop.order, &delete, json!({})).await;
            assert_eq!(deleted["deleteOrder"]["deletedOrderId"], id.to_string());
        }

        assert_eq!(shop.stock(1).await, (7, 0));
        let gone = data(&shop.order, "{ order(id: 1) { id } orders { totalCount } }", json!({})).await;
        assert_eq!(gone, json!({ "order": null, "orders": { "totalCount": 0 } }));
        let again = "mutation { deleteOrder(id: 1) { userErrors { code } } }";
        let again = data(&shop.order, again, json!({})).await;
        assert_eq!(again["deleteOrder"]["userErrors"][0]["code"], "NOT_FOUND");
    }
}
