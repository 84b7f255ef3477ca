//! The inventory is away: nothing is half done, and what it must learn it learns once it is back.

use crate::door::Door;
use crate::shop::{Shop, ask, input};
use chassis::db::Location;
use serde_json::json;
use std::time::Duration;
use testing::{both_databases, wait_until};

const DEADLINE: Duration = Duration::from_secs(60);
const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id } userErrors { code } } }";

both_databases! {
    async fn an_order_is_not_placed_while_the_inventory_is_away(location: Location) {
        let mut door = Door::shut().await;
        let mut shop = Shop::with_inventory(&location, |_| door.peer()).await;
        shop.fill(&["1.00"], 5).await;

        let input = json!({ "input": input(&[(1, 2)], Some("k")) });
        let answer = ask(&shop.order, PLACE, input).await;

        let error = &answer["errors"][0]["extensions"];
        assert_eq!(error["code"], "SUBGRAPH_UNAVAILABLE", "{answer:#}");
        assert_eq!(error["subgraph"], "inventory");
        door.open(&shop.inventory).await;
        let placed = shop.place(&[(1, 2)], Some("k")).await;
        assert_eq!(placed["order"]["id"], "1", "the key of an attempt that failed is free again");
        let (stopping, work) = shop.work();
        // The release of the attempt that failed is told; the order keeps its units.
        wait_until(DEADLINE, async || effects(&shop).await == 0).await;
        assert_eq!(shop.stock(1).await, (5, 2));
        stopping.cancel();
        work.await.unwrap();
    }

    async fn an_order_is_cancelled_while_the_inventory_is_away(location: Location) {
        let mut door = Door::shut().await;
        let mut shop = Shop::with_inventory(&location, |_| door.peer()).await;
        shop.fill(&["1.00"], 5).await;
        door.open(&shop.inventory).await;
        shop.place(&[(1, 2)], None).await;
        door.close().await;

        let cancelled = shop.change("cancelOrder(id: 1)").await;

        assert_eq!(cancelled["order"]["status"], "CANCELLED");
        assert_eq!(shop.stock(1).await, (5, 2), "nobody could tell the inventory yet");
        door.open(&shop.inventory).await;
        let (stopping, work) = shop.work();
        wait_until(DEADLINE, async || shop.stock(1).await == (5, 0)).await;
        wait_until(DEADLINE, async || effects(&shop).await == 0).await;
        stopping.cancel();
        work.await.unwrap();
        assert_eq!(shop.stock(1).await, (5, 0));
    }
}

async fn effects(shop: &Shop) -> i64 {
    let (count,) =
        shop.databases[3].query("select count(*) from effect").fetch_one::<(i64,)>().await.unwrap();
    count
}
