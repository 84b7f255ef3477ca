//! Parts that run apart, and one of them says nothing.

use crate::shop::{DEADLINE, Shop, Told, assert_unavailable};
use std::time::{Duration, Instant};
use testing::agora::Options;
use testing::{Agora, wait_until};

/// The router gives a write eight seconds and a whole request ten.
const ANSWERED: Duration = Duration::from_secs(10);

struct Parts {
    user: Agora,
    product: Agora,
    inventory: Agora,
    order: Agora,
    rest: Agora,
    shop: Shop,
}

impl Parts {
    async fn start() -> Self {
        let part = |role: &str| Agora::options().argument("--role").argument(role);
        let (user, product, inventory) =
            tokio::join!(part("user").start(), part("product").start(), part("inventory").start());
        let know = |options: Options| {
            options
                .variable("AGORA_USER_URL", user.url())
                .variable("AGORA_PRODUCT_URL", product.url())
                .variable("AGORA_INVENTORY_URL", inventory.url())
        };
        let order = know(part("order")).start().await;
        let router = know(part("router")).variable("AGORA_ORDER_URL", order.url()).start().await;
        let rest = part("rest").variable("AGORA_ROUTER_URL", router.url()).start().await;
        let shop = Shop::stocked(router, rest.rest_url("order").to_owned()).await;
        Self { user, product, inventory, order, rest, shop }
    }
}

#[tokio::test]
async fn a_silent_inventory_costs_a_moment_and_nothing_is_half_done() {
    let parts = Parts::start().await;
    let shop = &parts.shop;
    let orders = shop.order_count().await;

    parts.inventory.signal("STOP");
    is_refused(shop, "kept").await;
    let start = Instant::now();
    assert_unavailable(&shop.rest_order().await);
    assert!(start.elapsed() < ANSWERED, "{:?}", start.elapsed());
    assert!(shop.catalogue_is_readable().await);
    assert_eq!(shop.rest_get("/orders/").await, 200);
    assert_eq!(shop.order_count().await, orders);

    parts.inventory.signal("CONT");
    let id = shop.must_place("kept").await;
    assert_eq!(shop.place("kept").await, Told::Placed(id));
    shop.assert_settles_at(orders + 1).await;
}

#[tokio::test]
async fn whoever_else_is_silent_is_named_and_missed_only_where_needed() {
    let parts = Parts::start().await;
    let shop = &parts.shop;
    let orders = shop.order_count().await;

    for (silent, key) in [(&parts.user, "user"), (&parts.product, "product")] {
        silent.signal("STOP");
        is_refused(shop, key).await;
        assert_eq!(shop.order_count().await, orders);
        assert_eq!(shop.catalogue_is_readable().await, key == "user");
        silent.signal("CONT");
        wait_until(DEADLINE, || shop.catalogue_is_readable()).await;
    }
    parts.order.signal("STOP");
    is_refused(shop, "order").await;
    assert!(shop.catalogue_is_readable().await);
    parts.order.signal("CONT");

    for key in ["user", "product", "order"] {
        shop.must_place(key).await;
    }
    shop.assert_settles_at(orders + 3).await;
    drop(parts.rest);
}

async fn is_refused(shop: &Shop, key: &str) {
    let start = Instant::now();
    let told = shop.place(key).await;
    assert_eq!(told, Told::TryAgain("SUBGRAPH_UNAVAILABLE".to_owned()));
    assert!(start.elapsed() < ANSWERED, "{:?}", start.elapsed());
}
