//! A database that another process has locked.

use crate::ground::Lock;
use crate::shop::{Shop, Told, assert_unavailable};
use testing::Agora;

#[tokio::test]
async fn while_another_process_locks_the_orders_they_are_refused_and_can_be_read() {
    while_locked("order.db").await;
}

#[tokio::test]
async fn while_another_process_locks_the_inventory_orders_are_refused_and_can_be_read() {
    while_locked("inventory.db").await;
}

async fn while_locked(file: &str) {
    let shop = Shop::open(Agora::options()).await;
    let orders = shop.order_count().await;
    let lock = Lock::take(&shop.agora.data_dir().join(file)).await;

    let (answer, told) = tokio::join!(shop.rest_order(), shop.place("kept"));
    assert_unavailable(&answer);
    assert!(matches!(told, Told::TryAgain(_)), "{told:?}");
    // GraphQL answers with status 200 and says the same in its own way.
    assert_eq!(shop.retry_after("anything").await, (200, Some("1".to_owned())));
    shop.assert_readable().await;
    assert_eq!(shop.order_count().await, orders);

    lock.release().await;
    let id = shop.must_place("kept").await;
    assert_eq!(shop.retry_after("kept").await, (200, None));
    assert_eq!(shop.place("kept").await, Told::Placed(id));
    shop.assert_settles_at(orders + 1).await;
    shop.assert_verified(&[]).await;
}
