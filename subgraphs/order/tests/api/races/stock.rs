//! Clients who want the same units.

use super::{assert_settled, at_once, is_placed, order_count, shared};
use crate::shop::Shop;
use chassis::db::Location;
use std::sync::Arc;
use testing::both_databases;

/// Runs `clients` who ask for these lines, the even ones and the odd ones, `at_a_time`. Answers how
/// many orders came of it until nobody could have one.
async fn sold(shop: &Arc<Shop>, clients: usize, at_a_time: usize, lines: [Lines; 2]) -> usize {
    let mut sold = 0;
    for first in (0..clients).step_by(at_a_time) {
        let placed = at_once(at_a_time, |number| {
            let (shop, key) = (Arc::clone(shop), format!("client {}", first + number));
            async move { is_placed(&shop, lines[number % 2], &key).await }
        });
        sold += placed.await.into_iter().filter(|placed| *placed).count();
    }
    // Who was told to try again may have come back before what it had reserved was free.
    assert_settled(shop).await;
    while is_placed(shop, lines[0], &format!("late client {sold}")).await {
        sold += 1;
    }
    sold
}

/// Product and quantity.
type Lines = &'static [(i64, i64)];

both_databases! {
    async fn the_last_unit_goes_to_one_of_a_thousand_clients(location: Location) {
        let shop = shared(&location, &["1.00"], 1).await;

        let sold = sold(&shop, 1_000, 1_000, [&[(1, 1)]; 2]).await;

        assert_eq!(sold, 1);
        assert_eq!((order_count(&shop).await, shop.stock(1).await), (1, (1, 1)));
        assert_settled(&shop).await;
    }

    async fn orders_of_two_products_in_either_order_two_hundred_at_a_time_never_deadlock(
        location: Location
    ) {
        let shop = shared(&location, &["1.00", "2.00"], 350).await;

        let sold = sold(&shop, 400, 200, [&[(1, 1), (2, 1)], &[(2, 1), (1, 1)]]).await;

        assert_eq!((sold, order_count(&shop).await), (350, 350));
        assert_eq!((shop.stock(1).await, shop.stock(2).await), ((350, 350), (350, 350)));
        assert_settled(&shop).await;
    }

    async fn one_product_on_two_lines_that_are_together_above_the_stock_is_refused_to_all_at_once(
        location: Location
    ) {
        let shop = shared(&location, &["1.00"], 11).await;

        let sold = sold(&shop, 100, 100, [&[(1, 3), (1, 1)], &[(1, 1), (1, 3)]]).await;

        // Three units are left: enough for the longer line, not for both.
        assert_eq!(sold, 2);
        assert_eq!((order_count(&shop).await, shop.stock(1).await), (2, (11, 8)));
        assert!(is_placed(&shop, &[(1, 2), (1, 1)], "the rest").await);
        assert_settled(&shop).await;
    }
}
