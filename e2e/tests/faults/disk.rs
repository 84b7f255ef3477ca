//! A disk that takes nothing more.

use crate::ground::{Disk, Immutable};
use crate::shop::{DEADLINE, Shop, Told, assert_unavailable};
use testing::{Agora, skipped, wait_until};

/// Size of the disk that is filled.
const DISK_MIB: u32 = 24;

#[tokio::test]
async fn while_the_disk_is_full_orders_are_refused_and_everything_can_be_read() {
    let disk = match Disk::mount(DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return skipped("a full disk", reason),
    };
    let shop = Shop::open(disk.options()).await;
    let ballast = disk.fill();

    refuses_orders_until(&shop, || drop(ballast)).await;
    shop.assert_verified(&["--database-url", &disk.url()]).await;
}

#[tokio::test]
async fn while_a_database_cannot_be_written_orders_are_refused_and_everything_can_be_read() {
    let shop = Shop::open(Agora::options()).await;
    let files = ["order.db", "order.db-wal"].map(|file| shop.agora.data_dir().join(file));
    let immutable = match Immutable::set(files.to_vec()) {
        Ok(immutable) => immutable,
        Err(reason) => return skipped("a read-only database", reason),
    };

    refuses_orders_until(&shop, || drop(immutable)).await;
    shop.assert_verified(&[]).await;
}

/// A shop whose orders cannot be written any more, until `mend` is called.
async fn refuses_orders_until(shop: &Shop, mend: impl FnOnce()) {
    // A little may still fit into what the files have taken already.
    let mut placed = shop.order_count().await;
    while shop.rest_order().await.status == 201 {
        placed += 1;
        assert!(placed < 1_000, "the fault has no effect");
    }

    for key in ["a", "b", "c"] {
        assert_unavailable(&shop.rest_order().await);
        let told = shop.place(key).await;
        assert!(matches!(told, Told::TryAgain(_)), "{told:?}");
        shop.assert_readable().await;
    }
    assert_eq!(shop.order_count().await, placed, "a refused order was placed");

    mend();
    wait_until(DEADLINE, || async { shop.rest_order().await.status == 201 }).await;
    for key in ["a", "b", "c"] {
        let id = shop.must_place(key).await;
        assert_eq!(shop.place(key).await, Told::Placed(id));
    }
    shop.assert_settles_at(placed + 4).await;
}
